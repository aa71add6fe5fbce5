package boltfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// doKey, in the environment, tells the checking child how to end.
const doKey = "SHAPES_TEST_DO"

// TestMain lets the test program be the child process that checks files.
func TestMain(m *testing.M) {
	if IsCheckChild(os.Args) {
		os.Exit(RunCheckChild(os.Args, os.Stdout, Kind{Word: "other"}, testKind()))
	}
	os.Exit(m.Run())
}

var (
	errDamaged = errors.New("the box is damaged")
	errNewer   = errors.New("the box is newer")
	errBusy    = errors.New("the box is in use")
)

func testKind() Kind {
	return Kind{
		Word: "box", Noun: "box", Version: 3, Advice: "take another",
		Damaged: errDamaged, Newer: errNewer, Busy: errBusy, Check: checkAsTold,
	}
}

func checkAsTold(path string) error {
	switch do := os.Getenv(doKey); do {
	case "", "sound":
		return nil
	case "hang":
		time.Sleep(time.Hour)
	case "crash":
		panic("a crash")
	case "talk":
		return fmt.Errorf("%w: %s", errDamaged, strings.Repeat("much to say ", 1e5))
	default:
		return map[string]error{
			"damaged": fmt.Errorf("%s: %w", path, errDamaged), "newer": errNewer, "busy": errBusy, "failed": errors.New("no luck"),
		}[do]
	}
	return nil
}

// box makes a file of the library with some entries, closed.
func box(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "box.db")
	db, err := bolt.Open(path, 0o600, &bolt.Options{PageSize: PageSize, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucket([]byte("b"))
		for i := range 500 {
			err = errors.Join(err, b.Put([]byte(fmt.Sprintf("key %04d", i)), make([]byte, 100)))
		}
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func verifier(t testing.TB) Verifier {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Verifier{Exe: exe, Timeout: 20 * time.Second}
}

func TestWhatAChildSays(t *testing.T) {
	for do, c := range map[string]struct {
		is  error
		say string
	}{
		"sound":   {},
		"damaged": {errDamaged, "box.db: the box is damaged"},
		"newer":   {errNewer, "the box is newer"},
		"busy":    {errBusy, "the box is in use"},
		"failed":  {nil, "no luck"},
		"crash":   {errDamaged, "it crashed the check); take another"},
		"talk":    {errDamaged, "much to say"},
		"hang":    {errDamaged, "did not end within"},
	} {
		t.Setenv(doKey, do)
		v := verifier(t)
		if do == "hang" {
			v.Timeout = 200 * time.Millisecond
		}
		err := v.VerifyInChild(context.Background(), testKind(), box(t))
		switch {
		case do == "sound":
			if err != nil {
				t.Errorf("%s: %v", do, err)
			}
		case err == nil || !strings.Contains(err.Error(), c.say) || len(err.Error()) > 6000 || strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: %v", do, err)
		case c.is != nil && !errors.Is(err, c.is), c.is == nil && errors.Is(err, errDamaged):
			t.Errorf("%s: %v is of another kind", do, err)
		}
	}
}

func TestACheckIsCancelled(t *testing.T) {
	t.Setenv(doKey, "hang")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := verifier(t).VerifyInChild(ctx, testKind(), box(t)); !errors.Is(err, context.Canceled) || errors.Is(err, errDamaged) {
		t.Error(err)
	}
}

func TestAKindThatTheChildDoesNotKnow(t *testing.T) {
	k := testKind()
	k.Word = "barrel"
	err := verifier(t).VerifyInChild(context.Background(), k, box(t))
	if err == nil || !strings.Contains(err.Error(), `knows no files of kind "barrel"`) {
		t.Error(err)
	}
}

func TestIsCheckChild(t *testing.T) {
	for _, c := range []struct {
		args string
		want bool
	}{
		{"shapes __check-file tiles a.db", true}, {"shapes __check-file a.db", false}, {"shapes build a b", false}, {"shapes", false},
	} {
		if got := IsCheckChild(strings.Fields(c.args)); got != c.want {
			t.Errorf("%s: %v", c.args, got)
		}
	}
}

func TestMarks(t *testing.T) {
	k, path := testKind(), box(t)
	if k.IsClean(path) {
		t.Error("sound before it was said")
	}
	if err := k.MarkClean(path, path); err != nil || !k.IsClean(path) {
		t.Error("not sound after it was said", err)
	}
	later := testKind()
	later.Version++
	if later.IsClean(path) {
		t.Error("a later check believes the mark of this one")
	}
	if err := errors.Join(Unmark(path), Unmark(path)); err != nil || k.IsClean(path) {
		t.Error("sound without a mark", err)
	}
	t.Setenv(doKey, "sound")
	if err := verifier(t).Verify(context.Background(), k, path); err != nil || !k.IsClean(path) {
		t.Error("not sound after a check", err)
	}
	now := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, now, now); err != nil {
		t.Fatal(err)
	}
	if k.IsClean(path) {
		t.Error("sound after a change")
	}
	if err := errors.Join(Remove(path), Remove(path)); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 0 {
		t.Error(left)
	}
}

func TestHeaders(t *testing.T) {
	sound, err := os.ReadFile(box(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		do   func(b []byte) []byte
		say  string
	}{
		{"sound", func(b []byte) []byte { return b }, ""},
		{"empty", func([]byte) []byte { return nil }, "cut off at 0 bytes"},
		{"one page", func(b []byte) []byte { return b[:PageSize] }, "4096 bytes of "},
		{"short", func(b []byte) []byte { return b[:3*PageSize] }, "12288 bytes of "},
		{"text", func([]byte) []byte { return bytes.Repeat([]byte("<html>"), 5000) }, "page 0 is not that of a box"},
		{"second page", func(b []byte) []byte { b[PageSize+40]++; return b }, "page 1 has changed"},
		{"flag", func(b []byte) []byte { b[8]++; return b }, "page 0 is not marked as a first page"},
	} {
		path := filepath.Join(t.TempDir(), "box.db")
		if err := os.WriteFile(path, c.do(bytes.Clone(sound)), 0o600); err != nil {
			t.Fatal(err)
		}
		err := testKind().CheckHeader(path)
		if c.say == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "take another") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for name, path := range map[string]string{"folder": t.TempDir(), "none": filepath.Join(t.TempDir(), "none")} {
		if err := testKind().CheckHeader(path); err == nil || errors.Is(err, errDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTrim(t *testing.T) {
	path := box(t)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Trim(path); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(path)
	if err != nil || after.Size() >= before.Size() {
		t.Error(before.Size(), after.Size(), err)
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.View(testKind().CheckPages), db.Close()); err != nil {
		t.Error(err)
	}
}

func FuzzHeader(f *testing.F) {
	raw, err := os.ReadFile(box(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw[:2*PageSize], int64(len(raw)))
	f.Add([]byte("none"), int64(4))
	f.Fuzz(func(t *testing.T, header []byte, size int64) {
		for page := range int64(2) {
			if reason, err := testKind().checkMetaPage(bytes.NewReader(header), page, size); err == nil && reason == "" && size < 2*PageSize {
				t.Error("a file without pages is sound")
			}
		}
	})
}

// A crash of the library and a fault of its map are damage.
func TestGuardCatchesDamage(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a mapped file cannot be made shorter there")
	}
	for name, spoil := range map[string]func(path string) error{
		"short": func(path string) error { return os.Truncate(path, 2*PageSize) },
		"wrong page": func(path string) error {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteAt(bytes.Repeat([]byte{7}, 20*PageSize), 2*PageSize)
			return errors.Join(err, f.Close())
		},
	} {
		path := box(t)
		db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := spoil(path); err != nil {
			t.Fatal(err)
		}
		err = testKind().Guard(path, func() error {
			return db.View(func(tx *bolt.Tx) error {
				return tx.Bucket([]byte("b")).ForEach(func(_, v []byte) error { _ = bytes.Clone(v); return nil })
			})
		})
		if !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A defect of ours is none, wherever it is called from.
func TestGuardLetsDefectsThrough(t *testing.T) {
	path := box(t)
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var none []int
	var nowhere *Kind
	for name, defect := range map[string]func(){
		"panic": func() { panic("a defect") },
		"index": func() { none[len(none)] = 1 },
		"nil":   func() { nowhere.Word = "x" },
		"type":  func() { _ = any(nowhere).(error) },
	} {
		for where, run := range map[string]func() error{
			"outside": func() error { defect(); return nil },
			"in a callback": func() error {
				return db.View(func(tx *bolt.Tx) error {
					return tx.Bucket([]byte("b")).ForEach(func(_, _ []byte) error { defect(); return nil })
				})
			},
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s %s is swallowed", name, where)
					}
				}()
				err := testKind().Guard(path, run)
				t.Errorf("%s %s: %v", name, where, err)
			}()
		}
	}
	if err := testKind().Guard(path, func() error { return errBusy }); err != errBusy {
		t.Error(err)
	}
}
