package postgres

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/telltale-ai/telltale/record"
)

//go:embed records.1.sql
var records1 string

// migrations bring the schema from one version to the next. Add to the end; never change one that was released.
var migrations = []string{records1}

// migrate brings the schema to the newest version. Gateways that start at once wait for each other.
func (s *Records) migrate(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		const lock = 0x54745263 // of Telltale's records
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(lock)); err != nil {
			return err
		}
		var there bool
		if err := tx.QueryRow(ctx, `SELECT to_regclass('telltale.records_schema') IS NOT NULL`).Scan(&there); err != nil {
			return err
		}
		version := 0
		if there {
			if err := tx.QueryRow(ctx, `SELECT coalesce(max(version), 0) FROM telltale.records_schema`).Scan(&version); err != nil {
				return err
			}
		} else if _, err := tx.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS telltale; CREATE TABLE telltale.records_schema (version integer PRIMARY KEY, made timestamptz NOT NULL DEFAULT now())`); err != nil {
			return err
		}
		if version > len(migrations) {
			return &record.Problem{Err: fmt.Errorf("the records were written by a newer telltale (schema %d; this one knows %d)", version, len(migrations)),
				Remedy: "use that newer telltale, or another database"}
		}
		for n := version; n < len(migrations); n++ {
			if _, err := tx.Exec(ctx, migrations[n]); err != nil {
				return fmt.Errorf("changing the records to schema %d: %w", n+1, err)
			}
			if _, err := tx.Exec(ctx, `INSERT INTO telltale.records_schema (version) VALUES ($1)`, n+1); err != nil {
				return err
			}
		}
		return nil
	})
}
