package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// names lists what is in dir, hidden or not.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var ns []string
	for _, e := range entries {
		ns = append(ns, e.Name())
	}
	return strings.Join(ns, " ")
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAFileAppearsWholeAtCommit(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.pmtiles")
	write(t, path, "old")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, "new")
	if got := read(t, path); got != "old" {
		t.Errorf("before Commit the file holds %q", got)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := f.Abort(); err != nil {
		t.Errorf("Abort after Commit: %v", err)
	}
	if got := read(t, path); got != "new" || names(t, dir) != "a.pmtiles" {
		t.Errorf("file holds %q, folder %s", got, names(t, dir))
	}
	if f.Commit() == nil {
		t.Error("second Commit went through")
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	write(t, path, "old")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, "new")
	if err := errors.Join(f.Abort(), f.Abort()); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != "old" || names(t, dir) != "a" {
		t.Errorf("file holds %q, folder %s", got, names(t, dir))
	}
}

func TestAFailedRenameLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err == nil {
		t.Fatal("Commit over a folder went through")
	}
	if got := names(t, dir); got != "a" {
		t.Errorf("folder holds %s", got)
	}
}

func TestTargetsThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "x")
	for _, c := range []struct {
		name string
		make func() error
		say  string
	}{
		{"file over folder", func() error { _, err := Create(dir); return err }, "a folder has that name"},
		{"no such folder", func() error { _, err := Create(filepath.Join(dir, "no", "a")); return err }, "the folder does not exist"},
		{"folder over file", func() error { _, err := CreateFolder(filepath.Join(dir, "file"), always); return err }, "a file has that name"},
		{"no folder for folder", func() error { _, err := CreateFolder(filepath.Join(dir, "no", "a"), always); return err }, "the folder does not exist"},
	} {
		if err := c.make(); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v, want %q", c.name, err, c.say)
		}
	}
	if got := names(t, dir); got != "file" {
		t.Errorf("folder holds %s", got)
	}
}

// readOnly is a folder that even root cannot write to, or one that we cannot.
func readOnly(t *testing.T) string {
	if os.Geteuid() == 0 {
		return "/sys"
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAReadOnlyFolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped: made for Linux")
	}
	for name, make := range map[string]func(path string) error{
		"file":   func(path string) error { _, err := Create(path); return err },
		"folder": func(path string) error { _, err := CreateFolder(path, never); return err },
	} {
		err := make(filepath.Join(readOnly(t), "a"))
		if err == nil || !strings.Contains(err.Error(), "choose another folder") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for cause, say := range map[error]string{
		syscall.ENOSPC:        "the disk is full",
		syscall.EROFS:         "read-only",
		fs.ErrPermission:      "no permission",
		fs.ErrNotExist:        "create it first",
		errors.New("strange"): "strange",
	} {
		err := Explain("write x", &fs.PathError{Op: "write", Path: "x", Err: cause})
		if !strings.Contains(err.Error(), say) || !errors.Is(err, cause) {
			t.Errorf("%v: %v", cause, err)
		}
	}
	if Explain("write", nil) != nil {
		t.Error("nil became an error")
	}
}

func always(string) (bool, error) { return true, nil }
func never(string) (bool, error)  { return false, nil }

func TestAFolderAppearsWholeAtCommit(t *testing.T) {
	for _, c := range []struct {
		name   string
		before string // file in the folder, "" for no folder, "/" for an empty one
		mine   func(string) (bool, error)
	}{{"new", "", never}, {"over empty", "/", never}, {"over ours", "old.pbf", always}} {
		dir := t.TempDir()
		path := filepath.Join(dir, "tiles")
		if c.before != "" {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Contains(c.before, ".") {
			write(t, filepath.Join(path, c.before), "old")
		}
		f, err := CreateFolder(path, c.mine)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		write(t, filepath.Join(f.Path(), "new.pbf"), "new")
		if err := errors.Join(f.Commit(), f.Abort()); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if names(t, dir) != "tiles" || names(t, path) != "new.pbf" {
			t.Errorf("%s: %s, %s", c.name, names(t, dir), names(t, path))
		}
		if f.Commit() == nil {
			t.Errorf("%s: second Commit went through", c.name)
		}
	}
}

func TestAForeignFolderIsNeverTouched(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "photos")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := CreateFolder(path, never) // still empty: allowed
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(path, "cat.jpg"), "meow") // filled meanwhile
	if err := f.Commit(); err == nil || !strings.Contains(err.Error(), "left alone") {
		t.Errorf("Commit: %v", err)
	}
	if _, err := CreateFolder(path, never); err == nil || !strings.Contains(err.Error(), "left alone") {
		t.Errorf("CreateFolder: %v", err)
	}
	if names(t, dir) != "photos" || read(t, filepath.Join(path, "cat.jpg")) != "meow" {
		t.Errorf("%s, %s", names(t, dir), names(t, path))
	}
}

func TestAnAbortedFolderLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	f, err := CreateFolder(filepath.Join(dir, "tiles"), never)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(f.Path(), "a"), "a")
	if err := errors.Join(f.Abort(), f.Abort()); err != nil || names(t, dir) != "" {
		t.Errorf("%v, %s", err, names(t, dir))
	}
}

func TestLeftoversAreThoseOfTheFileOnly(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	var want []string
	for range 2 {
		temp, err := Reserve(path)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, temp)
	}
	slices.Sort(want)
	for _, other := range []string{"a.db", "a.db.clean", "b.db"} {
		if _, err := Reserve(filepath.Join(dir, other+"x")); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := Leftovers(path); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	if got, err := Leftovers(filepath.Join(dir, "none", "a.db")); err != nil || got != nil {
		t.Errorf("no folder: %v, %v", got, err)
	}
}

func TestAPrivateFileStaysPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	for _, want := range []fs.FileMode{0o600, 0o640} {
		temp, err := Reserve(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := ReplacePrivate(temp, path); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != want {
			t.Errorf("mode %v, want %v", info.Mode(), want)
		}
		if err := os.Chmod(path, 0o640); err != nil { // as its owner wants it from now on
			t.Fatal(err)
		}
	}
}
