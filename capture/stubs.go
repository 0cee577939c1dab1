package capture

import "github.com/tidwall/gjson"

func (s *scanner) readVerbose(pos int) int   { return pos }
func (s *scanner) readCurlError(pos int) int { return pos }
func (s *scanner) readCommand(pos int) int   { return pos }
func (s *scanner) readHTML(pos int) int      { return pos }
func (s *scanner) readURL(pos int) int       { return pos }
func (s *scanner) readFailure(pos int) int   { return pos }
func (s *scanner) readLogLine(pos int) int   { return pos }
func (s *scanner) readLoose()                {}
func command(t []byte) (string, bool)        { return "", false }
func (d document) har() bool                 { return false }
func (d document) logLine(gjson.Result) bool { return false }
