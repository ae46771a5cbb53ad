-- Who decided what, as a chain: the mac of each entry covers the one before it (storage/chain.py). An entry is
-- never changed. What may be erased lies beside it, and the entry holds its salted hash.
ALTER TABLE audit RENAME TO audit_unchained;

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,             -- 1, 2, 3 without a gap
    at TEXT NOT NULL,
    by_name TEXT NOT NULL,
    verb TEXT NOT NULL,
    object TEXT NOT NULL,
    changed TEXT NOT NULL,                  -- names of what changed, by commas
    detail_hash TEXT NOT NULL,              -- of its row in audit_details; empty for none
    address_hash TEXT NOT NULL,             -- of its row in audit_addresses; empty for none
    mac TEXT NOT NULL
);
CREATE INDEX audit_by_object ON audit (object, verb, number);

CREATE TABLE audit_details (
    number INTEGER PRIMARY KEY,
    before TEXT NOT NULL,                   -- JSON: what changed, by name
    after TEXT NOT NULL,
    reason TEXT NOT NULL,
    salt TEXT NOT NULL
);

CREATE TABLE audit_addresses (
    number INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    salt TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX audit_addresses_by_time ON audit_addresses (at);

-- The end of the chain; whoever adds an entry holds this row.
CREATE TABLE audit_end (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL,
    mac TEXT NOT NULL
);
INSERT INTO audit_end (one, number, mac) VALUES (1, 0, '');
