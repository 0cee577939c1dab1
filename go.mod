module github.com/telltale-ai/telltale

go 1.26
