package cache

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func start() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) }

func day(n int) time.Time { return start().AddDate(0, 0, n) }

func open(t testing.TB, dir string) *Cache {
	t.Helper()
	c, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// add puts data from url into c, as a finished download.
func add(t testing.TB, c *Cache, url, data string, fetched time.Time) Record {
	t.Helper()
	rec, err := c.Add(Record{Name: url, URL: url, Fetched: fetched, Used: fetched}, download(t, c, url, data))
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// download writes data where an unfinished download of url lies.
func download(t testing.TB, c *Cache, url, data string) string {
	t.Helper()
	part, _, err := c.Partial(url, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(part, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return part
}

// tree lists all files below dir.
func tree(t testing.TB, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sound checks that Verify finds nothing.
func sound(t testing.TB, c *Cache) {
	t.Helper()
	if problems, err := c.Verify(t.Context(), nil); err != nil || len(problems) > 0 {
		t.Errorf("%v, %+v", err, problems)
	}
}

func TestAFileLiesUnderItsHash(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	rec, err := c.Add(Record{Name: "a.json", URL: "u", Form: "f", Source: "gadm", Cells: []string{"JPN:1"}, Fetched: start()}, download(t, c, "u", "abc"))
	if err != nil {
		t.Fatal(err)
	}
	const sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if rec.SHA256 != sha || rec.Size != 3 {
		t.Errorf("record %+v", rec)
	}
	if want := []string{"ba/" + sha, "ba/" + sha + ".json"}; !slices.Equal(tree(t, dir), want) {
		t.Errorf("files %v", tree(t, dir))
	}
	for _, c := range []*Cache{c, open(t, dir)} {
		found, ok := c.Find("u", "f")
		got, path, err := c.Get(sha)
		if data, _ := os.ReadFile(path); !ok || err != nil || string(data) != "abc" || got.Name != "a.json" || !slices.Equal(found.Cells, []string{"JPN:1"}) {
			t.Errorf("found %v %+v, got %+v, %v", ok, found, got, err)
		}
		if _, ok := c.Find("u", ""); ok {
			t.Error("another form is another file")
		}
		sound(t, c)
	}
	if err := c.Remove(sha); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Get(sha); !errors.Is(err, ErrMissing) || len(tree(t, dir)) != 0 {
		t.Errorf("after Remove: %v, %v", err, tree(t, dir))
	}
	if _, ok := c.Find("u", "f"); ok || c.Remove(sha) != nil {
		t.Error("after Remove it is found, or cannot be removed again")
	}
}

func TestOtherBytesAreRefused(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	part := download(t, c, "u", "abc")
	for _, rec := range []Record{{SHA256: strings.Repeat("0", 64)}, {SHA256: "../../x"}, {Size: 4}} {
		if _, err := c.Add(rec, part); !errors.Is(err, ErrMismatch) {
			t.Errorf("%+v: %v", rec, err)
		}
	}
	if _, err := os.Stat(part); err != nil || len(c.List()) != 0 {
		t.Errorf("the part must stay: %v", err)
	}
	for _, path := range []string{dir, filepath.Join(dir, "none")} {
		if _, err := c.Add(Record{}, path); err == nil {
			t.Errorf("%s was added", path)
		}
	}
	if err := os.Symlink(part, part+"-link"); err == nil {
		if _, err := c.Add(Record{}, part+"-link"); err == nil {
			t.Error("a link was added")
		}
	}
}

func TestTheSameBytesFromTwoAddressesAreOneFile(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	add(t, c, "a", "abc", day(0))
	add(t, c, "b", "abc", day(1))
	add(t, c, "c", "abc", day(2))
	add(t, c, "a", "abc", day(3)) // again
	for _, c := range []*Cache{c, open(t, dir)} {
		for i, url := range []string{"b", "c", "a"} {
			rec, ok := c.Find(url, "")
			if !ok || rec.URL != url || !rec.Fetched.Equal(day(i+1)) || len(rec.Also) != 2 {
				t.Errorf("%s: %v, %+v", url, ok, rec)
			}
		}
		if len(c.List()) != 1 {
			t.Errorf("%d files", len(c.List()))
		}
		sound(t, c)
	}
	for i := range 100 {
		add(t, c, fmt.Sprint("many", i), "abc", day(4+i))
	}
	rec := c.List()[0]
	if _, ok := c.Find("b", ""); ok || len(rec.Also) != maxAlso || rec.Also[0].URL != "many98" {
		t.Errorf("of too many addresses the oldest go: %d, %v", len(rec.Also), ok)
	}
}

func TestTheNewestOfAnAddressIsFound(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	old := add(t, c, "u", "old", day(0))
	add(t, c, "u", "new", day(1))
	last := add(t, c, "u", "last", day(-5)) // the clock was set back
	for _, c := range []*Cache{c, open(t, dir)} {
		if rec, _ := c.Find("u", ""); rec.SHA256 != last.SHA256 {
			t.Errorf("found %+v", rec)
		}
	}
	again := add(t, c, "u", "old", day(9)) // back to the old version
	if rec, _ := c.Find("u", ""); rec.SHA256 != old.SHA256 || again.SHA256 != old.SHA256 {
		t.Errorf("found %+v", rec)
	}
	if err := c.Remove(old.SHA256); err != nil {
		t.Fatal(err)
	}
	if rec, ok := c.Find("u", ""); !ok || rec.SHA256 != last.SHA256 {
		t.Errorf("without the newest: %v, %+v", ok, rec)
	}
}

func TestUpdateAndTouch(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	rec := add(t, c, "u", "abc", day(0))
	add(t, c, "v", "abc", day(0))
	rec, _ = c.Find("u", "")
	rec.Checked, rec.Cells, rec.Accepted = day(1), []string{"JPN:1"}, day(1)
	if err := c.Update(rec); err != nil {
		t.Fatal(err)
	}
	rec.Cells, rec.Accepted = []string{"FJI:0"}, time.Time{}
	if err := c.Update(rec); err != nil {
		t.Fatal(err)
	}
	if err := c.Touch(rec.SHA256, day(2)); err != nil {
		t.Fatal(err)
	}
	if err := c.Touch(rec.SHA256, day(2).Add(time.Minute)); err != nil { // too soon to be written
		t.Fatal(err)
	}
	if used := c.List()[0].Used; !used.Equal(day(2).Add(time.Minute)) {
		t.Errorf("used %v", used)
	}
	again := open(t, dir)
	got, _ := again.Find("u", "")
	if !got.Checked.Equal(day(1)) || !slices.Equal(got.Cells, []string{"FJI:0", "JPN:1"}) || !got.Accepted.Equal(day(1)) || len(got.Also) != 1 {
		t.Errorf("%+v", got)
	}
	if used := again.List()[0].Used; !used.Equal(day(2)) {
		t.Errorf("used %v", used)
	}
	none := strings.Repeat("0", 64)
	for _, err := range []error{c.Update(Record{SHA256: none}), c.Touch(none, day(1))} {
		if !errors.Is(err, ErrMissing) {
			t.Error(err)
		}
	}
	rec.Size++
	if err := c.Update(rec); !errors.Is(err, ErrMismatch) {
		t.Error(err)
	}
	rec.Size--
	rec.Cells = slices.Repeat([]string{strings.Repeat("x", 1000)}, 2000)
	for i := range rec.Cells {
		rec.Cells[i] += fmt.Sprint(i)
	}
	if err := c.Update(rec); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	sound(t, c)
}

func TestNamesThatAreNoHashes(t *testing.T) {
	c := open(t, t.TempDir())
	for _, name := range []string{"", "..", "../../../etc/passwd", strings.Repeat("/", 64), strings.Repeat("A", 64), strings.Repeat("a", 63), strings.Repeat("a", 65), "\x00" + strings.Repeat("a", 63)} {
		_, _, err := c.Get(name)
		for _, err := range []error{err, c.Remove(name), c.Touch(name, day(1)), c.Update(Record{SHA256: name}), c.Repair(Problem{Kind: Damaged, SHA256: name}, Discard)} {
			if !errors.Is(err, ErrName) {
				t.Errorf("%q: %v", name, err)
			}
		}
	}
}

func TestGetTellsWhatWasChanged(t *testing.T) {
	c := open(t, t.TempDir())
	rec := add(t, c, "u", "abc", day(0))
	_, path, _ := c.Get(rec.SHA256)
	if err := os.WriteFile(path, []byte("ab"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Get(rec.SHA256); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "changed") {
		t.Error(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Get(rec.SHA256); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "removed") {
		t.Error(err)
	}
	add(t, c, "u", "abc", day(1)) // fetched again, it is whole again
	sound(t, c)
}

func TestListIsSorted(t *testing.T) {
	c := open(t, t.TempDir())
	for i := range 20 {
		part := download(t, c, "u", fmt.Sprint(i))
		if _, err := c.Add(Record{URL: fmt.Sprint(i), Source: fmt.Sprint("s", i%3), Name: fmt.Sprint("n", i%5)}, part); err != nil {
			t.Fatal(err)
		}
	}
	list := c.List()
	if !slices.IsSortedFunc(list, func(a, b Record) int {
		return strings.Compare(a.Source+a.Name+a.SHA256, b.Source+b.Name+b.SHA256)
	}) || len(list) != 20 {
		t.Errorf("%d files in another order", len(list))
	}
}

func TestPartials(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	part := download(t, c, "u", "ab")
	if err := c.SavePartial("u", "", []byte(`{"etag":"v1"}`)); err != nil {
		t.Fatal(err)
	}
	if other, _, _ := c.Partial("u", "form"); other == part {
		t.Error("another form is another download")
	}
	c = open(t, dir)
	for i, want := range []string{`{"etag":"v1"}`, ""} { // who takes the state has it alone
		got, state, err := c.Partial("u", "")
		if err != nil || got != part || string(state) != want {
			t.Errorf("%d: %s, %q, %v", i, got, state, err)
		}
	}
	if err := c.SavePartial("u", "", make([]byte, maxState+1)); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if err := errors.Join(c.SavePartial("u", "", []byte("x")), os.Remove(part)); err != nil {
		t.Fatal(err)
	}
	if _, state, err := c.Partial("u", ""); err != nil || state != nil {
		t.Errorf("a state without bytes: %q, %v", state, err)
	}
	download(t, c, "u", "ab")
	if err := errors.Join(c.SavePartial("u", "", []byte("x")), c.DropPartial("u", ""), c.DropPartial("u", "")); err != nil || len(tree(t, dir)) != 0 {
		t.Errorf("%v, %v", err, tree(t, dir))
	}
	download(t, c, "u", "ab")
	if err := c.SavePartial("u", "", bytes.Repeat([]byte("x"), maxState)); err != nil {
		t.Error(err)
	}
	if _, state, err := c.Partial("u", ""); err != nil || len(state) != maxState {
		t.Errorf("%d bytes, %v", len(state), err)
	}
}
