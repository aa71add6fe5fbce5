package shape_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

func TestSettingsAreDocumented(t *testing.T) {
	data, err := os.ReadFile("SETTINGS.md")
	if err != nil {
		t.Fatal(err)
	}
	have := strings.ReplaceAll(string(data), "\r\n", "\n")
	if diff := cmp.Diff(shape.SettingsTable(), have); diff != "" {
		t.Errorf("SETTINGS.md is not what SettingsTable returns; write it anew.\n%s", diff)
	}
}
