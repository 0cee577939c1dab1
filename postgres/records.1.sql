-- Durations are microseconds. A healthy call is its columns alone; what else there is to tell stands in doc and detail.
CREATE TABLE telltale.calls (
	id               text        NOT NULL PRIMARY KEY,
	time             timestamptz NOT NULL,
	class            text        NOT NULL,
	cause            text        NOT NULL,
	upstream         text        NOT NULL,
	route            text        NOT NULL,
	model            text        NOT NULL,
	surface          text        NOT NULL,
	task             text        NOT NULL,
	mode             text        NOT NULL,
	stream           boolean     NOT NULL,
	status           integer     NOT NULL,
	provider         text        NOT NULL,
	request_id       text        NOT NULL,
	latency          bigint      NOT NULL,
	ttft             bigint      NOT NULL,
	input_tokens     bigint      NOT NULL,
	output_tokens    bigint      NOT NULL,
	reasoning_tokens bigint      NOT NULL,
	mark             text        NOT NULL, -- a person's verdict: good, bad or nothing
	mark_cause       text        NOT NULL,
	doc              jsonb,                -- the entry, without requests and responses
	detail           jsonb                 -- the requests and responses of its attempts
);

CREATE INDEX calls_time ON telltale.calls (time, id);
CREATE INDEX calls_failed ON telltale.calls (time, id) WHERE class <> 'ok';
CREATE INDEX calls_cause ON telltale.calls (cause, time) WHERE class <> 'ok';
CREATE INDEX calls_marked ON telltale.calls (time) WHERE mark <> '';
