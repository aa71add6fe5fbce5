package treeview

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// hundredThousand is a tree of 100,000 nodes: ten folders of ten thousand.
func hundredThousand() *folders {
	f := &folders{of: map[string][]string{}, fault: map[string]error{}}
	for i := range 10 {
		folder := fmt.Sprintf("folder %d/", i)
		f.of[tree.Root] = append(f.of[tree.Root], folder)
		for j := range 10_000 {
			f.of[folder] = append(f.of[folder], fmt.Sprintf("node %d %05d", i, j))
		}
	}
	return f
}

// Expanding a folder of ten thousand beside nine that are open; the goal is
// less than 100 ms.
func BenchmarkExpandTenThousand(b *testing.B) {
	app := test.NewApp()
	defer app.Quit()
	for range b.N {
		b.StopTimer()
		t := New(Host{Tasks: kit.InlineTasks(), Engine: hundredThousand()})
		w := test.NewWindow(t)
		w.Resize(fyne.NewSize(300, 700))
		t.Reload()
		for i := range 9 {
			t.setOpen(fmt.Sprintf("folder %d/", i), true)
		}
		b.StartTimer()
		t.setOpen("folder 9/", true)
		b.StopTimer()
		w.Close()
	}
}

// A key in a tree with a hundred thousand rows.
func BenchmarkKeyDown(b *testing.B) {
	app := test.NewApp()
	defer app.Quit()
	t := New(Host{Tasks: kit.InlineTasks(), Engine: hundredThousand()})
	w := test.NewWindow(t)
	defer w.Close()
	w.Resize(fyne.NewSize(300, 700))
	t.Reload()
	for i := range 10 {
		t.setOpen(fmt.Sprintf("folder %d/", i), true)
	}
	for b.Loop() {
		t.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
}
