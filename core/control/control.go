// Package control lets other processes ask the one that owns a data directory
// how its sessions are, and tell it to pause, resume, cancel and retry them: a
// protocol of JSON lines on a Unix domain socket in the directory. It knows no
// engine; what goes over is the caller's own types, as JSON.
package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// Version of the protocol. Both ends must speak the same: programs of one
// release do.
const Version = 1

// API is what an owner lets others ask and do. N, S, T and R are its nodes,
// sessions, tasks and runs; they must survive JSON. The engine is one, and so
// is a Client.
type API[N, S, T, R any] interface {
	// Children lists a folder; "" is the top.
	Children(ctx context.Context, parent string) ([]N, error)
	// PathOf returns the nodes from the top to the one with the id, which is last.
	PathOf(ctx context.Context, id string) ([]N, error)
	// Find returns the node of that id, path or name.
	Find(ctx context.Context, ref string) (N, error)
	// Sessions returns all sessions, the newest first.
	Sessions(ctx context.Context) ([]S, error)
	// Session returns the session of that id or node.
	Session(ctx context.Context, ref string) (S, error)
	// Tasks returns at most limit tasks below parent, from behind after.
	Tasks(ctx context.Context, session, parent, after string, limit int) ([]T, error)
	// Runs returns what the last sessions of a node did.
	Runs(ctx context.Context, node string) ([]R, error)
	Pause(ctx context.Context, session string) error
	Resume(ctx context.Context, session string) error
	Cancel(ctx context.Context, session, task string) error
	Retry(ctx context.Context, session, task string) error
}

// Path returns the name of the socket of a data directory.
func Path(dataDir string) string { return filepath.Join(dataDir, "control.sock") }

// ErrSilent: nobody answers on the socket.
var ErrSilent = errors.New("no process answers")

// Bounds, so that neither end can hold up or flood the other.
const (
	maxRequest = 64 << 10         // bytes of a line
	maxReply   = 64 << 20         // bytes of a line
	maxPath    = 103              // bytes of a socket's name, on the strictest system
	maxAtOnce  = 16               // connections
	maxTasks   = 10_000           // tasks in a reply
	maxWork    = 30 * time.Second // from a request to its reply
	maxSilence = 5 * time.Second  // of the other end
)

// request is a line from the client. Which fields count depends on Call.
type request struct {
	Version int    `json:"v"`
	Call    string `json:"call"`
	Ref     string `json:"ref,omitempty"`    // of a node or session
	Task    string `json:"task,omitempty"`   // "": the whole session
	Parent  string `json:"parent,omitempty"` // of tasks
	After   string `json:"after,omitempty"`  // of tasks
	Limit   int    `json:"limit,omitempty"`  // of tasks
}

// reply is a line from the owner.
type reply struct {
	Version int             `json:"v"`
	Owner   string          `json:"owner"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   string          `json:"error,omitempty"` // for people; "" if it was done
}

// parseRequest reads a line of a client.
func parseRequest(line []byte) (request, error) {
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("read the request: %w", err)
	}
	if r.Version != Version {
		return r, fmt.Errorf("the request is of version %d of the protocol, the owner speaks %d: use programs of one release", r.Version, Version)
	}
	if r.Limit < 0 || r.Limit > maxTasks {
		return r, fmt.Errorf("limit %d: must be 0 to %d", r.Limit, maxTasks)
	}
	return r, nil
}

// parseReply reads a line of the owner.
func parseReply(line []byte) (reply, error) {
	var r reply
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("read the reply: %w", err)
	}
	if r.Version != Version {
		return r, fmt.Errorf("%s speaks version %d of the control protocol, this program %d: use programs of one release", r.Owner, r.Version, Version)
	}
	return r, nil
}
