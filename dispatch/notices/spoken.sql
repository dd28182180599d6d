-- find_words --
-- What a try says, and of how many cases. $1 try
SELECT t.channel, n.district_id, n.kind, n.words, n.language, n.state, n.data_sealed,
       1 + (SELECT count(*) FROM notice f WHERE f.bundled_into = n.id AND f.state <> 'void')::int AS count
FROM notice_try t JOIN notice n ON n.id = t.notice_id WHERE t.id = $1
