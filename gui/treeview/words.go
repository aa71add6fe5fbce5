package treeview

import "fmt"

// percentWord writes a progress as people read it; what is not finished never
// shows 100 %.
func percentWord(percent float64) string {
	return fmt.Sprintf("%d %%", int(min(max(percent, 0), 99)))
}
