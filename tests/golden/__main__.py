"""`python -m golden`: say what changed against the golden numbers; with `--write`, make them anew."""

from __future__ import annotations

import argparse

from . import kept


def main() -> int:
    """Compare or write, and print one line a number that changed."""
    parser = argparse.ArgumentParser(prog="python -m golden", description=__doc__)
    parser.add_argument("--write", action="store_true", help="make the file anew, on purpose")
    if parser.parse_args().write:
        changed = kept.write()
    else:
        golden = kept.read()
        now: kept.Golden = {}
        for name in kept.SCENARIOS:
            now |= kept.lived(name)
        changed = kept.differences(golden, now)
    print(*changed, sep="\n")
    print(f"{len(changed)} numbers differ." + (" Say why in CHANGES.md." if changed else ""))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
