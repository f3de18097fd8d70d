"""The parser's child process: one JSON request on standard input, Parquet and JSON files in its folder."""

import json
import sys
from typing import Any


def main() -> int:
    """Parse the file that the request names, under its limits; write `parsed.json` or `error.json`."""
    request: dict[str, Any] = json.load(sys.stdin)
    from engine.data.parsing.limits import limit_this_process

    limit_this_process(request["parent"], request["memory"], request["seconds"])
    from engine.data.parsing.work import work

    return work(request)


if __name__ == "__main__":
    sys.exit(main())
