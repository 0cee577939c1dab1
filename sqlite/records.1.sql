-- Times and durations are microseconds. A healthy call is its row in calls alone; what else there is to tell stands in docs.
CREATE TABLE calls (
	id               TEXT    NOT NULL PRIMARY KEY,
	time             INTEGER NOT NULL,
	class            TEXT    NOT NULL,
	cause            TEXT    NOT NULL,
	upstream         TEXT    NOT NULL,
	route            TEXT    NOT NULL,
	model            TEXT    NOT NULL,
	surface          TEXT    NOT NULL,
	task             TEXT    NOT NULL,
	mode             TEXT    NOT NULL,
	stream           INTEGER NOT NULL,
	status           INTEGER NOT NULL,
	provider         TEXT    NOT NULL,
	request_id       TEXT    NOT NULL,
	latency          INTEGER NOT NULL,
	ttft             INTEGER NOT NULL,
	input_tokens     INTEGER NOT NULL,
	output_tokens    INTEGER NOT NULL,
	reasoning_tokens INTEGER NOT NULL,
	mark             TEXT    NOT NULL, -- a person's verdict: good, bad or nothing
	mark_cause       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX calls_time ON calls (time);
CREATE INDEX calls_failed ON calls (time) WHERE class <> 'ok';
CREATE INDEX calls_cause ON calls (cause, time) WHERE class <> 'ok';
CREATE INDEX calls_marked ON calls (time) WHERE mark <> '';

CREATE TABLE docs (
	id     TEXT NOT NULL PRIMARY KEY,
	doc    TEXT NOT NULL, -- the entry as JSON, without requests and responses
	detail TEXT           -- the requests and responses of its attempts, as JSON
) STRICT;
