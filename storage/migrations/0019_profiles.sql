-- What people say of their pictures, what of their profile they show, and which sites may name them as author.
ALTER TABLE actors ADD COLUMN icon_text TEXT NOT NULL DEFAULT '';
ALTER TABLE actors ADD COLUMN image_text TEXT NOT NULL DEFAULT '';
ALTER TABLE actors ADD COLUMN hides_follows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE actors ADD COLUMN tabs TEXT NOT NULL DEFAULT '{}';
ALTER TABLE actors ADD COLUMN author_of TEXT NOT NULL DEFAULT '[]';
