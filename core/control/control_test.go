package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// socket returns a short name: that of a test's folder may be too long.
func socket(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ctl")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return Path(dir)
}

func serve(t *testing.T, path string, api *fakeAPI) (stop func(), said *bytes.Buffer) {
	t.Helper()
	said = &bytes.Buffer{}
	stop = Serve(t.Context(), path, api, slog.New(slog.NewTextHandler(said, nil)))
	t.Cleanup(stop)
	return stop, said
}

func connect(t *testing.T, path string) *fakeClient {
	t.Helper()
	c, err := Dial[thing, thing, thing, thing](t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryCallGoesThrough(t *testing.T) {
	path, api := socket(t), &fakeAPI{}
	serve(t, path, api)
	c := connect(t, path)
	if !strings.Contains(c.Owner(), fmt.Sprintf("(process %d)", os.Getpid())) {
		t.Errorf("owner %q", c.Owner())
	}
	ctx := t.Context()
	var got []thing
	add := func(more []thing, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		got = append(got, more...)
	}
	one := func(more thing, err error) { t.Helper(); add([]thing{more}, err) }
	add(c.Children(ctx, "p"))
	add(c.PathOf(ctx, "i"))
	one(c.Find(ctx, "Ä/ö"))
	add(c.Sessions(ctx))
	one(c.Session(ctx, "x"))
	add(c.Tasks(ctx, "s", "p", "a", 7))
	add(c.Runs(ctx, "n"))
	for _, err := range []error{c.Pause(ctx, "1"), c.Resume(ctx, "2"), c.Cancel(ctx, "3", "t"), c.Retry(ctx, "4", "")} {
		if err != nil {
			t.Error(err)
		}
	}
	if d := cmp.Diff(some("a", "b", "i", "Ä/ö", "s", "x", "t", "r"), got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	want := []string{
		"children p", "path i", "find Ä/ö", "sessions", "session x", "tasks s p a 7", "runs n",
		"pause 1", "resume 2", "cancel 3 t", "retry 4",
	}
	if d := cmp.Diff(want, api.calls); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestRefusalKeepsItsWords(t *testing.T) {
	path := socket(t)
	serve(t, path, &fakeAPI{err: errors.New("session 12 is paused")})
	err := connect(t, path).Pause(t.Context(), "12")
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Text != "session 12 is paused" {
		t.Errorf("%v", err)
	}
}

func TestSocketIsPrivateAndGoes(t *testing.T) {
	path := socket(t)
	stop, _ := serve(t, path, &fakeAPI{})
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	stop()
	stop() // twice is once
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
	if _, err := Dial[thing, thing, thing, thing](t.Context(), path); !errors.Is(err, ErrSilent) {
		t.Errorf("%v", err)
	}
}

// A socket that a killed process left is silent, and replaced.
func TestLeftoverIsReplaced(t *testing.T) {
	path := socket(t)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	_ = l.Close()
	if _, err := Dial[thing, thing, thing, thing](t.Context(), path); !errors.Is(err, ErrSilent) {
		t.Errorf("%v", err)
	}
	serve(t, path, &fakeAPI{})
	connect(t, path)
}

func TestNoChannelIsTold(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", maxPath), "s")
	file := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{long: "more than the 103", file: "has that name"} {
		stop, said := serve(t, path, &fakeAPI{})
		stop()
		if !strings.Contains(said.String(), want) {
			t.Errorf("log %q, want %q", said, want)
		}
		if _, err := Dial[thing, thing, thing, thing](t.Context(), path); !errors.Is(err, ErrSilent) {
			t.Errorf("%v", err)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("the file is now %q, %v", text, err)
	}
}

// Who is being answered when the owner ends still gets the answer.
func TestStopLetsAnswersEnd(t *testing.T) {
	path, api := socket(t), &fakeAPI{}
	stop, _ := serve(t, path, api)
	c := connect(t, path)
	api.hold = make(chan struct{})
	answered := make(chan error)
	go func() { answered <- c.Pause(t.Context(), "1") }()
	for api.count() == 0 { // until the call has come in
		select {
		case err := <-answered:
			t.Fatalf("answered before: %v", err)
		default:
			runtime.Gosched()
		}
	}
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	close(api.hold)
	if err := <-answered; err != nil {
		t.Error(err)
	}
	<-stopped
}

func TestClientGivesUpWaiting(t *testing.T) {
	path, api := socket(t), &fakeAPI{}
	serve(t, path, api)
	c := connect(t, path)
	api.hold = make(chan struct{})
	defer close(api.hold)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for api.count() == 0 {
			runtime.Gosched()
		}
		cancel()
	}()
	if err := c.Pause(ctx, "1"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// raw sends a line as it is and returns what comes back.
func raw(t *testing.T, path, line string) string {
	t.Helper()
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(line)); err != nil {
		return "" // sent away in the middle of it
	}
	text, _ := readLine(conn, maxReply)
	return string(text)
}

func TestBadRequests(t *testing.T) {
	path, api := socket(t), &fakeAPI{}
	serve(t, path, api)
	for line, want := range map[string]string{
		"{\n":                                  "read the request",
		"\n":                                   "read the request",
		`{"v":2,"call":"hello"}`:               "version 2",
		`{"call":"hello"}`:                     "version 0",
		`{"v":1,"call":"explode"}`:             `no call \"explode\"`,
		`{"v":1,"call":"tasks","limit":10001}`: "limit 10001: must be 0 to 10000",
		`{"v":1,"call":"tasks","limit":-1}`:    "limit -1",
	} {
		if got := raw(t, path, strings.TrimSuffix(line, "\n")+"\n"); !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	if got := raw(t, path, strings.Repeat("x", 2*maxRequest)); got != "" {
		t.Errorf("a line without end is answered: %q", got)
	}
	if n := api.count(); n != 0 {
		t.Errorf("%d calls came through", n)
	}
	connect(t, path) // it still serves
}

// More than are served at once are sent away, and come to no harm.
func TestCrowd(t *testing.T) {
	path, api := socket(t), &fakeAPI{}
	serve(t, path, api)
	c := connect(t, path)
	var all sync.WaitGroup
	for range 4 * maxAtOnce {
		all.Go(func() {
			if _, err := c.Sessions(t.Context()); err != nil && !errors.Is(err, ErrSilent) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	connect(t, path)
}

func TestOtherVersionIsRefused(t *testing.T) {
	if _, err := parseReply([]byte(`{"v":2,"owner":"shapes (process 1)"}`)); err == nil || !strings.Contains(err.Error(), "one release") {
		t.Errorf("%v", err)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"v":1,"call":"cancel","ref":"x","task":"y"}`))
	f.Add([]byte(`{"v":1,"call":"tasks","limit":99999}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := parseRequest(line)
		if err != nil {
			return
		}
		if r.Version != Version || r.Limit < 0 || r.Limit > maxTasks {
			t.Errorf("%q gave %+v", line, r)
		}
		if _, err := answer(t.Context(), &fakeAPI{}, r); err == nil && r.Call == "" {
			t.Errorf("%q was answered", line)
		}
	})
}

func FuzzReply(f *testing.F) {
	f.Add([]byte(`{"v":1,"owner":"o","result":[{"Name":"a"}]}`))
	f.Add([]byte(`{"v":1,"owner":"o","error":"no"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := parseReply(line)
		if err == nil && r.Version != Version {
			t.Errorf("%q gave %+v", line, r)
		}
		if err == nil && len(r.Result) > 0 && !json.Valid(r.Result) {
			t.Errorf("%q gave the result %q", line, r.Result)
		}
	})
}
