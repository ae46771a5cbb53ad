-- Full-text rows: one for each post, and one for each person and community; `rowid` is the id of what it stands for.
-- Words come folded (storage/search_words.py); `marks` say who finds a row and what it is (storage/search_rows.py).
-- What everybody finds stands apart from the rest, so that most rows are found without a look at their marks.
CREATE VIRTUAL TABLE search_posts USING fts5 (
    title, text, closed_title, closed_text, marks,
    tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE VIRTUAL TABLE search_actors USING fts5 (
    topics, role, text, marks,
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- Names are found by how they begin, so they are not stemmed.
CREATE VIRTUAL TABLE search_names USING fts5 (
    name, marks,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);

-- Whose rows are to be made anew, their posts from the one after `after_id` on; at first everybody's.
CREATE TABLE search_due (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    after_id INTEGER NOT NULL DEFAULT 0
);
INSERT INTO search_due (actor_id) SELECT id FROM actors;

-- Direct notes to @ask that wait for an answer.
CREATE TABLE questions (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    asked_at TEXT NOT NULL
);
CREATE INDEX questions_by_time ON questions (asked_at);
