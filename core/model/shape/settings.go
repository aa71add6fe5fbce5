package shape

import (
	"fmt"
	"strings"
)

// SettingsTable returns all settings as a table in Markdown, for the
// documentation: SETTINGS.md is this text.
func SettingsTable() string {
	var b strings.Builder
	b.WriteString("# Settings of a shape\n\nAs in `--set name=value`. Written by `shape.SettingsTable`; the table itself is in `fields.go`.\n\n")
	b.WriteString("| name | default | may be | what it does |\n| --- | --- | --- | --- |\n")
	for _, f := range Fields() {
		value := f.Default
		if value != "" {
			value = "`" + value + "`"
		}
		allowed := f.Range
		if f.Only != "" {
			allowed += "; for now: " + f.Only
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, value, allowed, f.Help)
	}
	return b.String()
}
