package gui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// rescued is a window before the main one, and what it was told to do.
type rescued struct {
	*Rescue
	ways    []engine.Way
	opens   int
	opened  int
	news    string
	openErr error
	waysErr error
}

func newRescued(t *testing.T, err error) *rescued {
	t.Helper()
	r := &rescued{}
	r.Rescue = NewRescue(RescueOptions{
		App: test.NewTempApp(t), Tasks: kit.InlineTasks(), Dir: "/data", Err: err,
		Rescue: func(_ context.Context, w engine.Way) ([]string, error) {
			r.ways = append(r.ways, w)
			return []string{"core.db.damaged-1"}, r.waysErr
		},
		Open:   func(context.Context) error { r.opens++; return r.openErr },
		Opened: func(news string) { r.opened++; r.news = news },
	})
	r.Show()
	return r
}

// words are all texts of the window.
func (r *rescued) words() string {
	b := strings.Builder{}
	b.WriteString(r.title.Text)
	for _, o := range r.texts.Objects {
		if l, ok := o.(*widget.Label); ok {
			b.WriteString("\n" + l.Text)
		}
	}
	return b.String()
}

// button returns the button whose word begins so.
func (r *rescued) button(t *testing.T, word string) *kit.Button {
	t.Helper()
	for _, o := range r.buttons.Objects {
		if b, ok := o.(*kit.Button); ok && strings.HasPrefix(b.Text, word) {
			return b
		}
	}
	t.Fatalf("no button %q", word)
	return nil
}

// buttonWords are the words of all buttons but the one that copies.
func (r *rescued) buttonWords() string {
	var words []string
	for _, o := range r.buttons.Objects[1:] {
		if b, ok := o.(*kit.Button); ok {
			words = append(words, b.Text)
		}
	}
	return strings.Join(words, ", ")
}

func damaged(backup time.Time) error {
	why := fmt.Errorf("verify /data/core.db: %w: page 3: bad checksum", kv.ErrDamaged)
	return fmt.Errorf("open: %w", unusable(why, backup))
}

func unusable(why error, backup time.Time) *engine.Unusable {
	return &engine.Unusable{UnusableError: &kv.UnusableError{Path: "/data/core.db", Err: why, Backup: backup}, Dir: "/data"}
}

func TestDamageOffersTheBackup(t *testing.T) {
	r := newRescued(t, damaged(time.Date(2026, 5, 4, 10, 30, 0, 0, time.Local)))
	for _, want := range []string{"page 3", "/data/core.db", "Nothing was changed", "4 May 2026 at 10:30"} {
		if !strings.Contains(r.words(), want) {
			t.Errorf("%q is not in:\n%s", want, r.words())
		}
	}
	if got, want := r.buttonWords(), "Quit, Begin empty, Restore the backup of 4 May, 10:30"; got != want {
		t.Errorf("buttons %q, want %q", got, want)
	}
	if r.Canvas().Focused() != fyne.Focusable(r.button(t, "Restore")) {
		t.Error("the way that leads on best has not the focus")
	}
	test.Tap(r.button(t, "Restore"))
	if len(r.ways) != 1 || r.ways[0] != engine.FromBackup || r.opened != 1 {
		t.Errorf("ways %v, opened %d", r.ways, r.opened)
	}
	if !strings.Contains(r.news, "core.db.damaged-1") {
		t.Errorf("afterwards it says %q", r.news)
	}
}

func TestDamageWithoutBackupBeginsEmpty(t *testing.T) {
	r := newRescued(t, damaged(time.Time{}))
	if got, want := r.buttonWords(), "Begin empty, Quit"; got != want {
		t.Errorf("buttons %q, want %q", got, want)
	}
	if !strings.Contains(r.words(), "no backup") {
		t.Error(r.words())
	}
	test.Tap(r.button(t, "Begin empty"))
	if len(r.ways) != 1 || r.ways[0] != engine.Empty || r.opened != 1 {
		t.Errorf("ways %v, opened %d", r.ways, r.opened)
	}
}

// A way that fails leaves the window with what is wrong now.
func TestRescueThatFailsIsTold(t *testing.T) {
	r := newRescued(t, damaged(time.Date(2026, 5, 4, 10, 30, 0, 0, time.Local)))
	r.waysErr = errors.New("restore: no space left on device")
	test.Tap(r.button(t, "Restore"))
	if r.opens != 0 || !strings.Contains(r.words(), "No space left") && !strings.Contains(r.words(), "no space left") {
		t.Errorf("%d opens; %s", r.opens, r.words())
	}
	r.openErr = errors.New("still not")
	test.Tap(r.button(t, "Try again"))
	if r.opens != 1 || r.opened != 0 || !strings.Contains(r.words(), "Still not") {
		t.Errorf("%d opens, %d opened; %s", r.opens, r.opened, r.words())
	}
}

func TestBusyDirectoryCanBeTriedAgain(t *testing.T) {
	r := newRescued(t, fmt.Errorf("open /data: %w by shapes (process 7)", engine.ErrBusy))
	if !strings.Contains(r.words(), "open already") || !strings.Contains(r.words(), "process 7") {
		t.Error(r.words())
	}
	if got, want := r.buttonWords(), "Quit, Try again"; got != want {
		t.Errorf("buttons %q, want %q", got, want)
	}
	r.button(t, "Try again").TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if r.opened != 1 {
		t.Error("Enter did not try again")
	}
}

// What a newer version wrote is best opened by that version.
func TestNewerDataLeadsToTheNewerProgram(t *testing.T) {
	why := fmt.Errorf("open /data/core.db: %w: version 9", kv.ErrNewer)
	r := newRescued(t, unusable(why, time.Date(2026, 5, 4, 10, 30, 0, 0, time.Local)))
	if !strings.Contains(r.words(), "start the newer version") || !strings.HasSuffix(r.buttonWords(), ", Quit") {
		t.Errorf("%s\n%s", r.words(), r.buttonWords())
	}
}

func TestMissingDatabaseIsSaidToBeMissing(t *testing.T) {
	why := fmt.Errorf("open /data/core.db: %w", kv.ErrMissing)
	r := newRescued(t, unusable(why, time.Date(2026, 5, 4, 10, 30, 0, 0, time.Local)))
	if !strings.Contains(r.words(), "not there any more") || strings.Contains(r.words(), "damaged") {
		t.Error(r.words())
	}
}
