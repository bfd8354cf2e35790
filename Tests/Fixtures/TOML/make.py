"""Settings in TOML, what Python's tomllib reads in them, key by key, and the lengths to which the file can be cut so that
tomllib still reads it: settings.toml and settings.json.

    python3 make.py
"""

import json
import pathlib
import tomllib

TEXT = r'''# Settings of a run.
epochs = 1_000
lr = 4e-3   # at the start
"quoted key" = 'C:\no\escapes "here"'
'literal.key' = "tab\tquote\" back\\ \u00e9 \U0001F600"
seed = -7
hexadecimal = 0xFF_ff
octal = 0o17
binary = 0b101
reals = [ 1.5, -2.25e+1, +0.0, 6.02E23, # a comment
  1e-3, ]
infinite = [inf, -inf, +inf]
nested = [[1, 2], ["a", true], []]
dotted.a.b = false
dotted.a."c d" = 0

[model]
width = 32
padding = "10%"

[model.inner]
modes = [12, 12]

[ last . one ]
	empty = ""
'''


def flat(table, prefix=()):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, prefix + (key,))
        else:
            yield [list(prefix + (key,)), tagged(value)]


def tagged(value):
    kind = type(value).__name__
    if kind == "list":
        return [kind, [tagged(item) for item in value]]
    return [kind, value if kind != "float" else value.hex()]


def is_read(text):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


folder = pathlib.Path(__file__).parent
(folder / "settings.toml").write_text(TEXT, encoding="ascii")
found = {
    "entries": sorted(flat(tomllib.loads(TEXT))),
    "cuts": [length for length in range(len(TEXT)) if is_read(TEXT[:length])],
}
(folder / "settings.json").write_text(json.dumps(found) + "\n")
