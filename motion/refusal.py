"""What only the user can mend, said in one sentence and its mend."""

from __future__ import annotations


class Refusal(Exception):
    """Input that cannot be used as it is.

    `code` names the kind for machines, `sentence` says what is wrong with the user's own names and numbers,
    `mend` says what to do. Every door (command line, job folder, panel) turns it into words in one place.
    """

    def __init__(self, code: str, sentence: str, mend: str) -> None:
        super().__init__(f"{sentence} {mend}")
        self.code = code
        self.sentence = sentence
        self.mend = mend
