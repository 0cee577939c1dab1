package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"

	"github.com/telltale-ai/telltale/record"
)

//go:embed records.1.sql
var records1 string

// migrations bring the file from one schema to the next; PRAGMA user_version counts those that were made.
// Add to the end; never change one that was released.
var migrations = []string{records1}

// magic is the application_id of Telltale's records: "TtRc".
const magic = 0x54745263

// migrate brings db to the newest schema.
func migrate(db *sql.DB) error {
	ctx := context.Background()
	tx, err := db.BeginTx(ctx, nil) // immediate: two gateways that start at once wait for each other
	if err != nil {
		return err
	}
	defer tx.Rollback()
	version, err := versionOf(tx)
	if err != nil {
		return err
	}
	if version == len(migrations) {
		return nil
	}
	for n := version; n < len(migrations); n++ {
		if _, err := tx.ExecContext(ctx, migrations[n]); err != nil {
			return fmt.Errorf("changing the records to schema %d: %w", n+1, err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", magic, len(migrations))); err != nil {
		return err
	}
	return tx.Commit()
}

// check reports whether db can be read with the schema of this program.
func check(db *sql.DB) error {
	version, err := versionOf(db)
	if err == nil && version < len(migrations) {
		return &record.Problem{Err: fmt.Errorf("the records have the old schema %d; this telltale reads schema %d", version, len(migrations)),
			Remedy: "start `telltale serve` once: it brings the records up to date"}
	}
	return err
}

// versionOf reads the schema's version and refuses files that are a newer telltale's, or no telltale's at all.
func versionOf(q interface {
	QueryRow(string, ...any) *sql.Row
}) (version int, err error) {
	var id, tables int
	if err := q.QueryRow(`SELECT a.application_id, v.user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id a, pragma_user_version v`).Scan(&id, &version, &tables); err != nil {
		return 0, err
	}
	if id != magic && (id != 0 || tables > 0) {
		return 0, &record.Problem{Err: fmt.Errorf("%s there is the database of another program", RecordsFile), Remedy: "give another directory with --data"}
	}
	if version > len(migrations) {
		return 0, &record.Problem{Err: fmt.Errorf("the records were written by a newer telltale (schema %d; this one knows %d)", version, len(migrations)),
			Remedy: "use that newer telltale, or another directory with --data"}
	}
	return version, nil
}
