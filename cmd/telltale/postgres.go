package main

import (
	"context"
	"time"

	"github.com/telltale-ai/telltale/postgres"
	"github.com/telltale-ai/telltale/record"
)

// openPostgres connects to a database of records.
func openPostgres(dsn string) (record.Store, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	s, err := postgres.OpenRecords(ctx, dsn)
	if err != nil {
		return nil, explained(err)
	}
	return s, nil
}
