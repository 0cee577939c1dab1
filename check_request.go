package telltale

// checkRequest holds an output against what the request implies: the schema in response_format, the tools, n, the model.
func checkRequest(f *Facts) *Found { return nil }
