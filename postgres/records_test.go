package postgres

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/record/recordtest"
)

// server gives the database to test with, emptied.
func server(t *testing.T) string {
	t.Helper()
	dsn := os.Getenv("TELLTALE_TEST_POSTGRES")
	if dsn == "" {
		t.Skip("TELLTALE_TEST_POSTGRES does not name a database")
	}
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, q := range []string{`DROP TABLE IF EXISTS telltale.calls, telltale.records_schema`} {
		if _, err := conn.Exec(t.Context(), q); err != nil && !strings.Contains(err.Error(), "3F000") {
			t.Fatal(err)
		}
	}
	return dsn
}

func open(t *testing.T, dsn string) *Records {
	t.Helper()
	s, err := OpenRecords(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRecords(t *testing.T) {
	recordtest.Run(t, func(t *testing.T) record.Store { return open(t, server(t)) })
}

func TestNewerSchema(t *testing.T) {
	dsn := server(t)
	s := open(t, dsn)
	if _, err := s.pool.Exec(t.Context(), `INSERT INTO telltale.records_schema (version) VALUES (99)`); err != nil {
		t.Fatal(err)
	}
	s.Close()
	_, err := OpenRecords(t.Context(), dsn)
	var p *record.Problem
	if !errors.As(err, &p) || !strings.Contains(p.Error(), "newer telltale (schema 99") || p.Hint() == "" {
		t.Error(err)
	}
}

func TestManyStartAtOnce(t *testing.T) {
	dsn := server(t)
	errs := make(chan error, 6)
	for range cap(errs) {
		go func() {
			s, err := OpenRecords(context.Background(), dsn)
			if err == nil {
				err = s.Append(context.Background(), []record.Entry{recordtest.Entry(1), recordtest.Entry(4)})
				s.Close()
			}
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// TestNoPasswordInErrors needs no database.
func TestNoPasswordInErrors(t *testing.T) {
	for _, dsn := range []string{"postgres://u:hunter2canary@127.0.0.1:1/x?connect_timeout=2", "postgres://u:hunter2canary@[bad", "postgres://u:hunter2canary@nowhere.invalid/x?sslmode=wrong"} {
		_, err := OpenRecords(t.Context(), dsn)
		var p *record.Problem
		if !errors.As(err, &p) || strings.Contains(err.Error(), "canary") || p.Hint() == "" {
			t.Errorf("%v", err)
		}
	}
}
