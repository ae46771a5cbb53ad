-- Which of several processes has a row in hand: what one that ended had taken is given back.
ALTER TABLE received ADD COLUMN locked_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE queues ADD COLUMN locked_by INTEGER NOT NULL DEFAULT 0;
