"""Small whole recordings of motion capture, one of each format, in files by name."""

from __future__ import annotations


def made_up_bvh() -> dict[str, bytes]:
    joint = "JOINT {}\n{{\nOFFSET {}\nCHANNELS 3 Zrotation Xrotation Yrotation\n"
    end = "End Site\n{\nOFFSET 0 0 9\n}\n"
    head = ("HIERARCHY\nROOT Hips\n{\nOFFSET 0 0 0\n"
            "CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation\n")  # fmt: skip
    legs = "".join(joint.format(f"{side}Leg", f"{x} -45 0") + joint.format(f"{side}Foot", "0 -45 0") + end + "}\n}\n"
                   for side, x in (("Left", 9), ("Right", -9)))  # fmt: skip
    head += legs + joint.format("Head", "0 70 0") + end + "}\n}\n"
    rows = "".join(" ".join(f"{0.5 * row + column:.3f}" for column in range(21)) + "\n" for row in range(4))
    return {"walk.bvh": (head + f"MOTION\nFrames: 4\nFrame Time: 0.0333333\n{rows}").encode()}


def made_up_acclaim() -> dict[str, bytes]:
    bones = {"lfemur": "0.342 -0.94 0", "ltibia": "0.342 -0.94 0", "lowerback": "0 1 0", "head": "0 1 0"}
    data = "".join(f"begin\nid {number}\nname {name}\ndirection {direction}\nlength 7.5\naxis 0 -90 20 XYZ\n"
                   "dof rx rz\nlimits (-160.0 20.0)\n(-60.0 70.0)\nend\n"
                   for number, (name, direction) in enumerate(bones.items(), 1))  # fmt: skip
    asf = ("# made up\n:version 1.10\n:name made-up\n:units\nmass 1.0\nlength 0.45\nangle deg\n:root\n"
           "order TX TY TZ RX RY RZ\naxis XYZ\nposition 0 0 0\norientation 0 0 0\n:bonedata\n" + data +
           ":hierarchy\nbegin\nroot lfemur lowerback\nlfemur ltibia\nlowerback head\nend\n")  # fmt: skip
    frames = "".join(f"{frame}\nroot 1 {frame} 2.5 10 -20 30\n" + "".join(f"{bone} 1.5 -1.6e-014\n" for bone in bones)
                     for frame in range(1, 4))  # fmt: skip
    return {"walk.amc": (":FULLY-SPECIFIED\n:DEGREES\n# fps 60\n" + frames).encode(), "person.asf": asf.encode()}


def made_up_smartbody() -> dict[str, bytes]:
    channel = "channel XPos 0 free\nchannel Quat\n"
    turn = "prerot axis 0 0 1 ang 30\npostrot axis 0 0 1 ang -30\n"
    sk = ("# made up\nset_name made-up\nskeleton\nroot base\n{ offset 0 0.95 0\n"
          f"{channel}joint spine\n{{ offset 0 0.6 0\n{turn}{channel}}}\n"
          f"joint l_knee\n{{ offset 0.1 -0.9 0\n{turn}channel Quat\n}}\n}}\nend\n")  # fmt: skip
    names = ["base XPos", "base YPos", "base ZPos", "base Quat", "spine Quat", "l_knee Quat", "other Quat"]
    values = (" ".join(f"{0.01 * (frame + column):.4f}" for column in range(15)) for frame in range(4))
    rows = "".join(f"kt {frame / 30:.6f} fr {row}\n" for frame, row in enumerate(values))
    skm = 'SkMotion\nname "made-up"\nchannels 7\n' + "\n".join(names) + f"\nframes 4\n{rows}\nready time: 0.1\n"
    return {"walk.skm": skm.encode(), "person.sk": sk.encode()}
