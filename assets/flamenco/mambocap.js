// SPDX-License-Identifier: GPL-3.0-or-later

// A job type for Flamenco 3.6 and newer: the farm captures a folder of footage, docs/flamenco.md tells how.
// Where Mambocap and its Python are, the farm says in the variables {mambocap} and {mambocapPython}.

const JOB_TYPE = {
    label: "Mambocap",
    description: "Capture the motion of everybody in a folder of footage, and write one report of all takes",
    settings: [
        { key: "source", type: "string", subtype: "dir_path", required: true, visible: "submission",
          label: "Footage",
          description: "Folder with the clips, or the path of a list of takes. Every worker must see it" },
        { key: "out", type: "string", subtype: "dir_path", required: true, visible: "submission",
          label: "Results",
          description: "Folder for the takes and the report. Every worker must see it; what is there already is kept" },
        { key: "parts", type: "int32", default: 20, propargs: { min: 1, max: 1000 },
          label: "Parts",
          description: "Tasks that the takes are dealt out to; three or more a worker keep all of them busy to the end" },
        { key: "cameras", type: "string", default: "auto",
          label: "Cameras",
          description: "Which clips are cameras of one take: auto, none, or a pattern of their names such as *_cam?" },
        { key: "quality", type: "string", choices: ["best", "fast"], default: "best",
          label: "Quality",
          description: "best looks at every picture twice, fast once" },
        { key: "preview", type: "bool", default: true,
          label: "Preview Films",
          description: "Draw the body over the footage, for the report and for looking through" },
        { key: "device", type: "string", choices: ["auto", "cuda", "cpu"], default: "auto",
          label: "Device",
          description: "Where the heavy arithmetic runs; auto takes a graphics card where a worker has one" },
        { key: "retry", type: "bool", default: false,
          label: "Retry Failed Takes",
          description: "Try again what failed in an earlier job with the same results folder" },
        { key: "more", type: "string", default: "", visible: "submission",
          label: "More Options",
          description: "Other options of `build.py batch`, as on its command line, such as --height-m 1.8" },

        // Blender writes a chosen folder relative to the .blend, which no worker knows.
        { key: "source_path", type: "string", visible: "web", label: "Footage",
          eval: "settings.source if settings.source[:1] in ('', '{') else str(abspath(settings.source))" },
        { key: "out_path", type: "string", visible: "web", label: "Results",
          eval: "settings.out if settings.out[:1] in ('', '{') else str(abspath(settings.out))" },
    ],
};

const MOST_PARTS = 1000;

function compileJob(job) {
    const chosen = withDefaults(job.settings);
    const takes = [
        wholePath("Footage", chosen.source_path || chosen.source),
        "--out", wholePath("Results", chosen.out_path || chosen.out),
        "--cameras", chosen.cameras,   // of the report as well: both must find the same takes
    ];
    const parts = partCount(chosen.parts);
    const options = captureOptions(chosen);

    const report = batchTask("report", takes.concat(["--report"]));
    for (let part = 1; part <= parts; part++) {
        const task = batchTask(`capture-${part}-of-${parts}`, takes.concat(["--part", `${part}/${parts}`], options));
        job.addTask(task);
        report.addDependency(task);
    }
    job.addTask(report);
}

// Flamenco's add-on sends every setting; who submits by the API may leave out what has a default.
function withDefaults(settings) {
    const chosen = {};
    for (const { key, default: usual } of JOB_TYPE.settings) {
        const said = settings[key];
        chosen[key] = said === undefined || said === null || said === "" ? usual : said;
    }
    return chosen;
}

function wholePath(label, path) {
    if (!path) {
        throw `${label} is empty: choose a folder.`;
    }
    if (!/^([/\\{]|[A-Za-z]:[/\\])/.test(path)) {
        throw `${label} is "${path}", which workers cannot find: give the whole path.`;
    }
    return path;
}

function partCount(parts) {
    if (parts !== Math.floor(parts) || parts < 1 || parts > MOST_PARTS) {
        throw `Parts is ${parts}: choose a whole number from 1 to ${MOST_PARTS}.`;
    }
    return parts;
}

function captureOptions(chosen) {
    return [].concat(
        ["--quality", chosen.quality, "--device", chosen.device],
        chosen.preview ? [] : ["--no-preview"],
        chosen.retry ? ["--retry"] : [],
        chosen.more ? shellSplit(chosen.more) : [],
    );
}

// A broken clip is broken on every worker: with --failed-is-fine it is told in the report and fails no task,
// for else the farm would try its part on three workers, block them and give up the job.
function batchTask(name, args) {
    const task = author.Task(name, "misc");
    task.addCommand(author.Command("exec", {
        exe: "{mambocapPython}",
        args: ["{mambocap}/build.py", "batch"].concat(args, ["--failed-is-fine"]),
    }));
    return task;
}
