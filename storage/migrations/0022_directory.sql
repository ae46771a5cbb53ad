-- Who is findable beyond this node. What our own directory says: who is listed, and who no longer is.
CREATE TABLE listings (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,                     -- people, communities
    listed INTEGER NOT NULL,
    changed_at TEXT NOT NULL
);
CREATE INDEX listings_changed ON listings (kind, changed_at, actor_id);
CREATE INDEX listings_gone ON listings (changed_at) WHERE listed = 0;

INSERT INTO listings (actor_id, kind, listed, changed_at)
SELECT a.id, 'people', 1, a.updated_at FROM actors AS a
 WHERE a.local = 1 AND a.state = 'active' AND a.type = 'Person' AND a.moved_to IS NULL
   AND a.findable IN ('nodes', 'public');
INSERT INTO listings (actor_id, kind, listed, changed_at)
SELECT a.id, 'communities', 1, a.updated_at FROM actors AS a JOIN communities AS c ON c.actor_id = a.id
 WHERE a.local = 1 AND a.state = 'active' AND a.moved_to IS NULL AND a.approves = 0 AND c.closed_at IS NULL
   AND a.findable IN ('nodes', 'public');

-- Who is listed by other nodes; they are never passed on.
CREATE TABLE listed_elsewhere (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    host TEXT NOT NULL,
    kind TEXT NOT NULL
);
CREATE INDEX listed_elsewhere_by_host ON listed_elsewhere (host, kind);

-- Nodes of councils: when the actor of each was last asked to let ours follow it, when its directories are to
-- be read next (never, if they may not), and when last the whole of them was.
CREATE TABLE directories (
    host TEXT PRIMARY KEY,
    tried_at TEXT,
    due_at TEXT,
    whole_at TEXT
);
CREATE INDEX directories_due ON directories (due_at);
CREATE INDEX peers_by_software ON peers (software, host);
