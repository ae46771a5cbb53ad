"""Public reports about comparable software, run against a node in this process.

    pytest tests/reports --cases ../shared/bugs/reports.json [--only BL-G01,BL-J07]

A file of reports says what is given, what is sent and what must be seen; any file of that form will do.
"""
