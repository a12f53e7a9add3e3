package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
)

// nginxConfig gives nginx all that it is fast with: files compressed before,
// kept open, no log.
const nginxConfig = `daemon off;
pid %[1]s/nginx.pid;
error_log %[1]s/error.log crit;
worker_processes %[2]d;
worker_rlimit_nofile 20000;
%[3]s
events { worker_connections 12000; }
http {
  access_log off;
  types { application/rss+xml xml; }
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_timeout 600;
  keepalive_requests 100000000;
  open_file_cache max=100 inactive=600s;
  gzip_static on;
  client_body_temp_path %[1]s/body;
  proxy_temp_path %[1]s/proxy;
  fastcgi_temp_path %[1]s/fastcgi;
  uwsgi_temp_path %[1]s/uwsgi;
  scgi_temp_path %[1]s/scgi;
  server { listen %[4]s backlog=16384; root %[1]s/www; }
}
`

const caddyConfig = `{
	admin off
	auto_https off
}
http://%[2]s {
	root * %[1]s/www
	file_server {
		precompressed gzip
	}
}
`

// static is a server of files at work.
type static struct {
	*child
	url string
}

// publish lays a document down for a server of files, as it is and in gzip.
func (b *bench) publish(name string, document *documentBytes) (dir string, err error) {
	if dir, err = os.MkdirTemp(b.temp, name); err != nil {
		return "", err
	}
	www := filepath.Join(dir, "www")
	if err := os.Mkdir(www, 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(www, "rss.xml"), document.plain, 0o644); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(www, "rss.xml.gz"), document.gzip, 0o644)
}

// documentBytes is a document as feedwright gives it.
type documentBytes struct{ plain, gzip []byte }

// nginx starts nginx with so many workers; prefix goes before the command.
func (b *bench) nginx(ctx context.Context, d *documentBytes, workers int, prefix ...string) (*static, error) {
	dir, err := b.publish("nginx", d)
	if err != nil {
		return nil, err
	}
	at, err := freePort()
	if err != nil {
		return nil, err
	}
	owner := "" // only root may choose
	if u, err := user.Current(); err == nil && u.Uid == "0" {
		owner = "user root;"
	}
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, dir, workers, owner, at), 0o644); err != nil {
		return nil, err
	}
	args := append(prefix, b.peers.nginx, "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", config)
	c, err := launch(ctx, dir, nil, args[0], args[1:]...)
	if err != nil {
		return nil, err
	}
	return listening(ctx, c, "http://"+at)
}

// caddy starts Caddy's file server.
func (b *bench) caddy(ctx context.Context, d *documentBytes, env []string, prefix ...string) (*static, error) {
	dir, err := b.publish("caddy", d)
	if err != nil {
		return nil, err
	}
	at, err := freePort()
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "Caddyfile")
	if err := os.WriteFile(config, fmt.Appendf(nil, caddyConfig, dir, at), 0o644); err != nil {
		return nil, err
	}
	env = append(env, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	args := append(prefix, b.peers.caddy, "run", "--config", config, "--adapter", "caddyfile")
	c, err := launch(ctx, dir, env, args[0], args[1:]...)
	if err != nil {
		return nil, err
	}
	return listening(ctx, c, "http://"+at)
}

// listening waits until a server of files answers.
func listening(ctx context.Context, c *child, url string) (*static, error) {
	s := &site{child: c, url: url, client: http.DefaultClient}
	if _, err := s.answers(ctx, "/rss.xml", http.StatusOK, asksGzip); err != nil {
		return nil, fmt.Errorf("%s: %w", c.cmd.Path, err)
	}
	return &static{c, url}, nil
}
