package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// server answers on a socket.
type server struct {
	listener net.Listener
	owner    string
	answer   func(ctx context.Context, r request) (any, error)
	log      *slog.Logger
	ctx      context.Context
	open     sync.WaitGroup
	slots    chan struct{}
}

// Serve answers for api on the socket of that path until ctx is done or stop
// is called, which removes the socket and waits for what is being answered.
// Only the owner of the data directory may serve: a socket that is there is
// taken for a leftover and replaced. Without a channel the program is as good
// as with one, so that a failure is told in the log alone.
func Serve[N, S, T, R any](ctx context.Context, path string, api API[N, S, T, R], log *slog.Logger) (stop func()) {
	listener, err := listen(path)
	if err != nil {
		log.Warn("no control channel: other programs cannot ask this one", "error", err)
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &server{
		listener: listener, log: log, ctx: ctx, slots: make(chan struct{}, maxAtOnce),
		owner:  fmt.Sprintf("%s (process %d)", filepath.Base(os.Args[0]), os.Getpid()),
		answer: func(ctx context.Context, r request) (any, error) { return answer(ctx, api, r) },
	}
	// The listener is closed first: who is answered still gets the answer.
	closed := context.AfterFunc(ctx, func() { _ = listener.Close() })
	s.open.Go(s.accept)
	return func() {
		if closed() {
			_ = listener.Close() // it removes the socket; nothing else can fail that matters now
		}
		s.open.Wait()
		cancel()
	}
}

// listen makes the socket, for this user alone.
func listen(path string) (net.Listener, error) {
	if len(path) > maxPath {
		return nil, fmt.Errorf("listen on %s: the name has %d bytes, more than the %d that a socket may have", path, len(path), maxPath)
	}
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("look for a socket left behind: %w", err)
	case info.Mode().IsRegular() || info.IsDir():
		return nil, fmt.Errorf("listen on %s: a file or folder has that name", path)
	default:
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("remove a socket left behind: %w", err)
		}
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("keep the socket to this user: %w", err), listener.Close())
	}
	return listener, nil
}

func (s *server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				s.log.Warn("the control channel has ended", "error", err)
			}
			return
		}
		select {
		case s.slots <- struct{}{}:
			s.open.Go(func() {
				defer func() { <-s.slots }()
				s.serve(conn)
			})
		default: // who comes too much is sent away, so that the others are served
			_ = conn.Close()
		}
	}
}

// serve answers one request: a client connects anew for each.
func (s *server) serve(conn net.Conn) {
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(maxSilence)) // fails on a closed connection only: the read tells
	line, err := readLine(conn, maxRequest)
	if err != nil {
		return // it has gone, or says too much
	}
	out := s.reply(line)
	_ = conn.SetWriteDeadline(time.Now().Add(maxSilence))
	if _, err := conn.Write(append(out, '\n')); err != nil {
		s.log.Info("a client of the control channel has gone", "error", err)
	}
}

func (s *server) reply(line []byte) []byte {
	ctx, cancel := context.WithTimeout(s.ctx, maxWork)
	defer cancel()
	out := reply{Version: Version, Owner: s.owner}
	r, err := parseRequest(line)
	var result any
	if err == nil {
		result, err = s.answer(ctx, r)
	}
	if err == nil {
		out.Result, err = json.Marshal(result)
	}
	if err == nil && len(out.Result) > maxReply-maxRequest {
		err = fmt.Errorf("the answer has %d bytes, which is too much for the channel: ask for less", len(out.Result))
	}
	if err != nil {
		out.Error, out.Result = err.Error(), nil
	}
	text, err := json.Marshal(out)
	if err != nil { // strings, numbers and JSON that was made above
		s.log.Error("write a reply", "error", err)
	}
	return text
}

// answer does what a request says.
func answer[N, S, T, R any](ctx context.Context, api API[N, S, T, R], r request) (any, error) {
	switch r.Call {
	case "hello":
		return nil, nil
	case "children":
		return api.Children(ctx, r.Ref)
	case "path":
		return api.PathOf(ctx, r.Ref)
	case "find":
		return api.Find(ctx, r.Ref)
	case "sessions":
		return api.Sessions(ctx)
	case "session":
		return api.Session(ctx, r.Ref)
	case "tasks":
		return api.Tasks(ctx, r.Ref, r.Parent, r.After, r.Limit)
	case "runs":
		return api.Runs(ctx, r.Ref)
	case "pause":
		return nil, api.Pause(ctx, r.Ref)
	case "resume":
		return nil, api.Resume(ctx, r.Ref)
	case "cancel":
		return nil, api.Cancel(ctx, r.Ref, r.Task)
	case "retry":
		return nil, api.Retry(ctx, r.Ref, r.Task)
	}
	return nil, fmt.Errorf("the owner of the data directory knows no call %q: use programs of one release", r.Call)
}

// readLine reads up to the end of a line, at most limit bytes.
func readLine(conn net.Conn, limit int) ([]byte, error) {
	r := bufio.NewReaderSize(conn, 4096)
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(line) > limit:
			return nil, fmt.Errorf("a line of more than %d bytes", limit)
		}
	}
}
