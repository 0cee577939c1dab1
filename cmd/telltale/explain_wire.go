package main

import (
	telltale "github.com/telltale-ai/telltale"
)

// parseExchange reads one line of the exchange format.
func parseExchange(line []byte, x *telltale.Exchange) (id string, err error) {
	return telltale.ParseExchange(line, x)
}

// appendDiagnosis writes d with the keys of the public contract.
func appendDiagnosis(b []byte, id string, d *telltale.Diagnosis) []byte {
	return d.AppendJSON(b, id)
}
