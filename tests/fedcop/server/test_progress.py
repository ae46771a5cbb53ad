"""Lines that say how far a command has come."""

from fedcop.server.progress import Progress


def test_a_line_comes_every_few_seconds_only() -> None:
    times, lines = iter([0.0, 1.0, 2.0, 2.5, 4.5]), list[str]()
    progress = Progress(lines.append, every=2.0, monotonic=lambda: next(times))
    told, heard = progress.of("database copied", scale=1_000_000), progress.through("packed", 5_000_000)
    told(1, 1200)
    told(1100, 1200)
    told(1200, 1200)
    heard(6_000_000)
    assert lines == ["database copied: 1,100 of 1,200 MB", "packed: 6 of 6 MB"]
