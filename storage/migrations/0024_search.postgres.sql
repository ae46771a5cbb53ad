-- Full-text rows: one for each post, and one for each person and community; `rowid` is the id of what it stands for.
-- Words come folded (storage/search_words.py); `marks` say who finds a row and what it is (storage/search_rows.py).
-- The word `text` is small where it is no type: types are translated (storage/dialect.py).
-- A mark begins with ~ in the document, which no word does: what somebody writes is never taken for one.
CREATE text SEARCH DICTIONARY search_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE text SEARCH CONFIGURATION search_words (PARSER = default);
ALTER text SEARCH CONFIGURATION search_words
    ADD MAPPING FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part,
                    hword_numpart, int, uint, float, sfloat, version
    WITH search_stem;

CREATE TABLE search_posts (
    rowid INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    closed_title TEXT NOT NULL,
    closed_text TEXT NOT NULL,
    marks TEXT NOT NULL,
    document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('search_words', title || ' ' || closed_title), 'A')
        || setweight(to_tsvector('search_words', text || ' ' || closed_text), 'D')
        || array_to_tsvector(string_to_array('~' || replace(marks, ' ', ' ~'), ' '))) STORED
);
CREATE INDEX search_posts_by_word ON search_posts USING gin (document);

CREATE TABLE search_actors (
    rowid INTEGER PRIMARY KEY,
    topics TEXT NOT NULL,
    role TEXT NOT NULL,
    text TEXT NOT NULL,
    marks TEXT NOT NULL,
    document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('search_words', topics), 'A')
        || setweight(to_tsvector('search_words', role), 'B')
        || setweight(to_tsvector('search_words', text), 'D')
        || array_to_tsvector(string_to_array('~' || replace(marks, ' ', ' ~'), ' '))) STORED
);
CREATE INDEX search_actors_by_word ON search_actors USING gin (document);

-- Names are found by how they begin, so they are not stemmed.
CREATE TABLE search_names (
    rowid INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    marks TEXT NOT NULL,
    document tsvector GENERATED ALWAYS AS (
        array_to_tsvector(string_to_array('~' || replace(marks, ' ', ' ~'), ' '))
        || to_tsvector('pg_catalog.simple', name)) STORED
);
CREATE INDEX search_names_by_word ON search_names USING gin (document);

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
