package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/sqlite"
)

// recordsFlags say where the records are, for commands that read them.
type recordsFlags struct {
	Config string `help:"Configuration file; default $TELLTALE_CONFIG, else ./telltale.yaml." placeholder:"FILE"`
	Data   string `help:"Folder of the records. Default ./telltale-data, or what the configuration says." placeholder:"DIR"`
}

// open opens the records for reading, as the configuration and the flags say.
func (f recordsFlags) open(a *app) (record.Store, error) {
	cfg, err := a.config(f.Config)
	if err != nil {
		return nil, err
	}
	store := cfg.Record.Store.Value()
	if f.Data != "" {
		cfg.Data, store = f.Data, "sqlite"
	}
	s, err := readRecords(store, cfg.Data)
	return s, explained(err)
}

// readRecords opens records for reading while a gateway may write them. store is sqlite or postgres://...
func readRecords(store, data string) (record.Store, error) {
	if isPostgres(store) {
		return openPostgres(store)
	}
	s, err := sqlite.ReadRecords(data)
	if err != nil {
		return nil, err // not s: a nil *Records is no nil Store
	}
	return s, nil
}

// openRecords opens records for the gateway. store is sqlite or postgres://...
func openRecords(store, data string) (record.Store, error) {
	if isPostgres(store) {
		return openPostgres(store)
	}
	if store != "" && store != "sqlite" {
		return nil, &exit{code: 2, err: errors.New("record.store is neither sqlite nor the address of a PostgreSQL database"), hint: "write sqlite, or postgres://user:password@host/database"}
	}
	s, err := sqlite.OpenRecords(data)
	if err != nil {
		return nil, explained(err)
	}
	return s, nil
}

func isPostgres(store string) bool {
	return strings.HasPrefix(store, "postgres://") || strings.HasPrefix(store, "postgresql://")
}

// explained gives an error that knows its remedy the form in which commands print it.
func explained(err error) error {
	var p *record.Problem
	if errors.As(err, &p) {
		return &exit{code: 1, err: p, hint: p.Hint()}
	}
	if errors.Is(err, record.ErrFilter) {
		return &exit{code: 2, err: err, hint: "telltale calls show --help lists the filters"}
	}
	return err
}

// notRecorded says that a call is not there.
func notRecorded(id string) error {
	return &exit{code: 1, err: fmt.Errorf("no call %s is recorded", id), hint: "telltale calls lists the newest calls; --data says where the records are"}
}
