-- Who handles a report, and who closed it.
ALTER TABLE reports ADD COLUMN assigned_to INTEGER;
ALTER TABLE reports ADD COLUMN closed_by INTEGER;
CREATE INDEX reports_open ON reports (id) WHERE closed_at IS NULL;
CREATE INDEX reports_by_community ON reports (community_id, id);

-- What a person is told of a report: each report once, however often one reports another.
ALTER TABLE notifications ADD COLUMN report_id INTEGER REFERENCES reports (id) ON DELETE CASCADE;
DROP INDEX notifications_once;
CREATE UNIQUE INDEX notifications_once ON notifications
    (actor_id, type, by_actor, COALESCE(post_id, 0), COALESCE(target_id, 0), COALESCE(report_id, 0));

-- Inboxes and actors that were not there when asked for: since when, and when last.
CREATE TABLE absent (
    uri TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    looked_at TEXT NOT NULL
);

-- Tags are looked up without the accents of Latin letters from now on. What names the same tag twice goes.
CREATE TABLE folded_tags AS
SELECT tag, tag AS bare FROM (SELECT tag FROM post_tags UNION SELECT tag FROM followed_tags) AS held;
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(bare
    , 'à', 'a'), 'á', 'a'), 'â', 'a'), 'ã', 'a'), 'ä', 'a')
    , 'å', 'a'), 'ā', 'a'), 'ă', 'a'), 'ą', 'a'), 'ǎ', 'a');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(bare
    , 'ç', 'c'), 'ć', 'c'), 'ĉ', 'c'), 'ċ', 'c'), 'č', 'c');
UPDATE folded_tags SET bare = REPLACE(bare, 'ď', 'd');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(bare
    , 'è', 'e'), 'é', 'e'), 'ê', 'e'), 'ë', 'e'), 'ē', 'e')
    , 'ĕ', 'e'), 'ė', 'e'), 'ę', 'e'), 'ě', 'e');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(bare, 'ĝ', 'g'), 'ğ', 'g'), 'ġ', 'g'), 'ģ', 'g');
UPDATE folded_tags SET bare = REPLACE(bare, 'ĥ', 'h');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(bare
    , 'ì', 'i'), 'í', 'i'), 'î', 'i'), 'ï', 'i'), 'ĩ', 'i')
    , 'ī', 'i'), 'ĭ', 'i'), 'į', 'i');
UPDATE folded_tags SET bare = REPLACE(bare, 'ĵ', 'j');
UPDATE folded_tags SET bare = REPLACE(bare, 'ķ', 'k');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(bare, 'ĺ', 'l'), 'ļ', 'l'), 'ľ', 'l');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(bare, 'ñ', 'n'), 'ń', 'n'), 'ņ', 'n'), 'ň', 'n');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(bare
    , 'ò', 'o'), 'ó', 'o'), 'ô', 'o'), 'õ', 'o'), 'ö', 'o')
    , 'ō', 'o'), 'ŏ', 'o'), 'ő', 'o'), 'ơ', 'o');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(bare, 'ŕ', 'r'), 'ŗ', 'r'), 'ř', 'r');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(bare, 'ś', 's'), 'ŝ', 's'), 'ş', 's'), 'š', 's');
UPDATE folded_tags SET bare = REPLACE(REPLACE(bare, 'ţ', 't'), 'ť', 't');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(bare
    , 'ù', 'u'), 'ú', 'u'), 'û', 'u'), 'ü', 'u'), 'ũ', 'u')
    , 'ū', 'u'), 'ŭ', 'u'), 'ů', 'u'), 'ű', 'u'), 'ų', 'u'), 'ư', 'u');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(bare, 'ŵ', 'w'), 'ẁ', 'w'), 'ẃ', 'w'), 'ẅ', 'w');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(REPLACE(bare, 'ý', 'y'), 'ÿ', 'y'), 'ŷ', 'y'), 'ỳ', 'y');
UPDATE folded_tags SET bare = REPLACE(REPLACE(REPLACE(bare, 'ź', 'z'), 'ż', 'z'), 'ž', 'z');
DELETE FROM folded_tags WHERE tag = bare;
INSERT INTO post_tags (tag, post_id, name)
SELECT f.bare, p.post_id, MIN(p.name) FROM post_tags AS p JOIN folded_tags AS f ON f.tag = p.tag
 WHERE true GROUP BY f.bare, p.post_id
    ON CONFLICT (tag, post_id) DO NOTHING;
DELETE FROM post_tags WHERE tag IN (SELECT tag FROM folded_tags);
INSERT INTO followed_tags (actor_id, tag, id)
SELECT p.actor_id, f.bare, -MIN(p.id) FROM followed_tags AS p JOIN folded_tags AS f ON f.tag = p.tag
 WHERE true GROUP BY p.actor_id, f.bare
    ON CONFLICT (actor_id, tag) DO NOTHING;
DELETE FROM followed_tags WHERE tag IN (SELECT tag FROM folded_tags);
UPDATE followed_tags SET id = -id WHERE id < 0;
DROP TABLE folded_tags;
