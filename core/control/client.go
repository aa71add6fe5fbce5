package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"
)

// Client asks the owner of a data directory. It is an API itself; what it
// returns has gone through JSON. Calls may be made at once from several
// goroutines.
type Client[N, S, T, R any] struct {
	path  string
	owner string
}

// Dial looks for the owner behind a socket. The error is an ErrSilent if there
// is none, or one that does not listen.
func Dial[N, S, T, R any](ctx context.Context, path string) (*Client[N, S, T, R], error) {
	c := &Client[N, S, T, R]{path: path}
	return c, c.call(ctx, request{Call: "hello"}, nil)
}

// Owner names the process that answers: "shapes-desktop (process 12)".
func (c *Client[N, S, T, R]) Owner() string { return c.owner }

// RefusedError is the owner's error in its own words.
type RefusedError struct{ Text string }

func (e *RefusedError) Error() string { return e.Text }

// call asks once; result may be nil.
func (c *Client[N, S, T, R]) call(ctx context.Context, r request, result any) error {
	if len(c.path) > maxPath {
		return fmt.Errorf("%s: %w: the name is too long for a socket", c.path, ErrSilent)
	}
	dialer := net.Dialer{Timeout: maxSilence}
	conn, err := dialer.DialContext(ctx, "unix", c.path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSilent, err)
	}
	defer conn.Close()
	// Whoever gives up waiting ends the read.
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	line, err := c.exchange(conn, r)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w on %s: %w", ErrSilent, c.path, err)
	}
	answer, err := parseReply(line)
	if err != nil {
		return err
	}
	if c.owner == "" {
		c.owner = answer.Owner
	}
	if answer.Error != "" {
		return &RefusedError{answer.Error}
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return fmt.Errorf("read what %s answers: %w", c.owner, err)
	}
	return nil
}

func (c *Client[N, S, T, R]) exchange(conn net.Conn, r request) ([]byte, error) {
	r.Version = Version
	line, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	if len(line) > maxRequest {
		return nil, errors.New("the request is too long")
	}
	if err := conn.SetDeadline(time.Now().Add(maxWork + maxSilence)); err != nil {
		return nil, err
	}
	if _, err := conn.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	return readLine(conn, maxReply)
}

// Children lists a folder.
func (c *Client[N, S, T, R]) Children(ctx context.Context, parent string) (out []N, err error) {
	err = c.call(ctx, request{Call: "children", Ref: parent}, &out)
	return out, err
}

// PathOf returns the nodes from the top to one, which is last.
func (c *Client[N, S, T, R]) PathOf(ctx context.Context, id string) (out []N, err error) {
	err = c.call(ctx, request{Call: "path", Ref: id}, &out)
	return out, err
}

// Find returns the node of that id, path or name.
func (c *Client[N, S, T, R]) Find(ctx context.Context, ref string) (out N, err error) {
	err = c.call(ctx, request{Call: "find", Ref: ref}, &out)
	return out, err
}

// Sessions returns all sessions, the newest first.
func (c *Client[N, S, T, R]) Sessions(ctx context.Context) (out []S, err error) {
	err = c.call(ctx, request{Call: "sessions"}, &out)
	return out, err
}

// Session returns the session of that id or node.
func (c *Client[N, S, T, R]) Session(ctx context.Context, ref string) (out S, err error) {
	err = c.call(ctx, request{Call: "session", Ref: ref}, &out)
	return out, err
}

// Tasks returns at most limit tasks below parent, from behind after.
func (c *Client[N, S, T, R]) Tasks(ctx context.Context, session, parent, after string, limit int) (out []T, err error) {
	err = c.call(ctx, request{Call: "tasks", Ref: session, Parent: parent, After: after, Limit: limit}, &out)
	return out, err
}

// Runs returns what the last sessions of a node did.
func (c *Client[N, S, T, R]) Runs(ctx context.Context, node string) (out []R, err error) {
	err = c.call(ctx, request{Call: "runs", Ref: node}, &out)
	return out, err
}

// Pause pauses a session.
func (c *Client[N, S, T, R]) Pause(ctx context.Context, session string) error {
	return c.call(ctx, request{Call: "pause", Ref: session}, nil)
}

// Resume has the owner go on with a session.
func (c *Client[N, S, T, R]) Resume(ctx context.Context, session string) error {
	return c.call(ctx, request{Call: "resume", Ref: session}, nil)
}

// Cancel cancels a task with all below it, or a whole session.
func (c *Client[N, S, T, R]) Cancel(ctx context.Context, session, task string) error {
	return c.call(ctx, request{Call: "cancel", Ref: session, Task: task}, nil)
}

// Retry has the owner try again what has failed.
func (c *Client[N, S, T, R]) Retry(ctx context.Context, session, task string) error {
	return c.call(ctx, request{Call: "retry", Ref: session, Task: task}, nil)
}
