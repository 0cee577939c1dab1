// Command telltale tells what broke in an AI API call. Run `telltale --help`.
package main

func main() {}
