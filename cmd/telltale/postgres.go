package main

import (
	"errors"

	"github.com/telltale-ai/telltale/record"
)

func openPostgres(string) (record.Store, error) { return nil, errors.New("not yet") }
