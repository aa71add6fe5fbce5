package fetch

import (
	"errors"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/fetch/faulty"
)

// small is a file on a disk that has room for so many bytes.
type small struct {
	file
	room int
}

func (s *small) Write(b []byte) (int, error) {
	n, err := s.file.Write(b[:min(len(b), s.room)])
	s.room -= n
	if err == nil && n < len(b) {
		err = &fs.PathError{Op: "write", Path: "x.part", Err: syscall.ENOSPC}
	}
	return n, err
}

func TestAFullDiskKeepsWhatCameAndSaysSo(t *testing.T) {
	b := newBench(t, nil)
	b.client.open = func(path string) (file, error) {
		f, err := openFile(path)
		return &small{f, 100_000}, err
	}
	got, err := b.get()
	e := b.failed(err, Disk)
	want := "write the download: the disk is full; free some space or choose another folder; 100 kB are kept, and the next try goes on from there"
	if e.Says != want || !errors.Is(err, syscall.ENOSPC) || got.Bytes != 100_000 || got.Requests != 1 {
		t.Errorf("%q with %+v", e.Says, got)
	}
	b.client.open = openFile
	got, err = b.client.Fetch(t.Context(), Get{URL: b.URL() + path, Part: b.part, Resume: got.State})
	b.whole(got, err)
	if h := b.Requests()[1].Header.Get("Range"); h != "bytes=100000-" {
		t.Errorf("asked for %q", h)
	}
}

func TestAFolderThatIsMissing(t *testing.T) {
	b := newBench(t, nil)
	b.part = filepath.Join(b.part, "no", "folder")
	_, err := b.get()
	if e := b.failed(err, Disk); !strings.Contains(e.Says, "folder does not exist") || len(b.Requests()) != 0 {
		t.Errorf("%d requests: %v", len(b.Requests()), err)
	}
}

// failing is a file whose methods fail in turn.
type failing struct {
	file
	truncate, close error
}

func (f *failing) Truncate(n int64) error {
	if f.truncate != nil {
		return f.truncate
	}
	return f.file.Truncate(n)
}

func (f *failing) Close() error { return errors.Join(f.file.Close(), f.close) }

func TestEveryFailureOfTheFileIsTold(t *testing.T) {
	for _, f := range []failing{{truncate: syscall.EIO}, {close: syscall.EIO}} {
		b := newBench(t, nil)
		b.client.open = func(path string) (file, error) {
			own, err := openFile(path)
			f.file = own
			return &f, err
		}
		_, err := b.get()
		b.failed(err, Disk)
	}
}

func TestWithoutANetwork(t *testing.T) {
	for _, c := range []struct {
		fails error
		kind  Kind
		says  string
	}{
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "a.example", IsNotFound: true}}, Offline, "no such host"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, Offline, "no connection to the server"},
		{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: syscall.ENETUNREACH}, Offline, "no connection to the server"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ETIMEDOUT}, Timeout, "no connection within 20s"},
		{&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}, Broken, "the connection broke off"},
	} {
		fails := 0
		b := newBench(t, func(_ *faulty.Server, o *Options) {
			o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
				fails++
				return nil, c.fails
			})
		})
		got, err := b.get()
		e := b.failed(err, c.kind)
		if !strings.HasPrefix(e.Says, c.says) && !strings.Contains(e.Says, c.says) || !e.Again() || fails != 4 || got.Requests != 4 {
			t.Errorf("after %d requests: %v", fails, err)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A server that is not there, for real.
func TestAPortWithoutAServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, nil)
	address := "http://" + l.Addr().String() + "/x"
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := b.client.Fetch(t.Context(), Get{URL: address, Part: b.part})
	e := b.failed(err, Offline)
	if e.Error() != "fetch "+address+": no connection to the server (tried 4 times)" || got.Requests != 4 {
		t.Errorf("got %v", err)
	}
	// Half a second, one and two: full jitter draws the middle here.
	if b.clock.waited().Milliseconds() != 3500 {
		t.Errorf("waited %v: %v", b.clock.waited(), b.clock.pauses)
	}
}
