package expect
func empty(o *Output) (Finding, bool){return Finding{},false}
func leaked(o *Output) (Finding, bool){return Finding{},false}
func echo(o *Output) (Finding, bool){return Finding{},false}
func wrongLanguage(o *Output) (Finding, bool){return Finding{},false}
func cut(o *Output) (Finding, bool){return Finding{},false}
type Media struct{}
