// Package sdktest holds the tests of recovery.Transport under the SDKs that Go programs use. It has no code:
// only its tests import the SDKs, so that no program links them for Telltale's sake.
package sdktest
