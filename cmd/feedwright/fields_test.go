package main

import (
	"testing"

	"feedwright/config"
	"feedwright/source/parse"
)

// What the settings take for the name of a field, the parser must know.
func TestParserKnowsEveryFieldOfTheSettings(t *testing.T) {
	for _, name := range config.FieldNames {
		if _, err := parse.New(parse.Options{Fields: map[string][]string{name: {"own"}}}); err != nil {
			t.Error(err)
		}
	}
	for _, name := range config.LabelNames {
		if _, err := parse.New(parse.Options{Labels: map[string][]string{name: {"Own"}}}); err != nil {
			t.Error(err)
		}
	}
}
