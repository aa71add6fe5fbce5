package main

import "testing"

// What is said at the end does not contradict what was said of each file.
func TestIncompleteFetches(t *testing.T) {
	if err := incomplete(downloaded, 0, 3); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		how         way
		failed, all int
		want        string
	}{
		{downloaded, 1, 1, "1 file could not be fetched; the same command tries again"},
		{downloaded, 3, 3, "3 files could not be fetched; the same command tries again"},
		{downloaded, 1, 3, "1 file of 3 could not be fetched; what came is kept, and the same command goes on from there"},
		{taken, 1, 1, "1 file could not be taken"},
		{taken, 2, 3, "2 files of 3 could not be taken; what came is kept"},
	} {
		if err := incomplete(c.how, c.failed, c.all); err == nil || err.Error() != c.want {
			t.Errorf("%d of %d %s: %v", c.failed, c.all, c.how, err)
		}
	}
}
