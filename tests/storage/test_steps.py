"""Steps of the schema."""

from storage.steps import Migration


def test_a_checksum_tells_that_a_file_was_changed() -> None:
    first, other = (Migration(number=1, name="0001_first", sql=sql) for sql in ("SELECT 1", "SELECT 2"))
    assert first.checksum != other.checksum
    assert first.checksum == Migration(number=7, name="0007_same", sql="SELECT 1").checksum
