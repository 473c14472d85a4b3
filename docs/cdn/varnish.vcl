# Varnish in front of mediad. Tried with Varnish 7.1. docs/cdn.md says what and why.
vcl 4.1;

backend mediad {
    .host = "127.0.0.1";
    .port = "8080";
    .first_byte_timeout = 15s;   # a blocking request is held for up to 8 s
    .between_bytes_timeout = 15s;
}

sub vcl_recv {
    if (req.url !~ "^/(live|vod|c)/") {
        return (pass);           # pages, API, events
    }
    unset req.http.Cookie;
    unset req.http.Authorization;
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # The parameters that mean something, in one order; others would only split the cache.
    set req.http.X-Skip = regsub(req.url, "^[^?]*\?(?:.*&)?_HLS_skip=([^&]*).*$", "\1");
    set req.http.X-Msn = regsub(req.url, "^[^?]*\?(?:.*&)?_HLS_msn=([^&]*).*$", "\1");
    set req.http.X-Part = regsub(req.url, "^[^?]*\?(?:.*&)?_HLS_part=([^&]*).*$", "\1");
    set req.http.X-Query = "";
    if (req.http.X-Msn != req.url) { set req.http.X-Query = req.http.X-Query + "&_HLS_msn=" + req.http.X-Msn; }
    if (req.http.X-Part != req.url) { set req.http.X-Query = req.http.X-Query + "&_HLS_part=" + req.http.X-Part; }
    if (req.http.X-Skip != req.url) { set req.http.X-Query = req.http.X-Query + "&_HLS_skip=" + req.http.X-Skip; }
    set req.url = regsub(req.url, "\?.*$", "") + regsub(req.http.X-Query, "^&", "?");
    unset req.http.X-Skip;
    unset req.http.X-Msn;
    unset req.http.X-Part;
    unset req.http.X-Query;
    return (hash);
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);        # passed, events among them
    }
    # Nothing is given out beyond its time: a stale playlist costs a viewer more than a wait.
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    if (beresp.status >= 400) {
        # Of a refusal Varnish would remember for two minutes that it is not to be kept,
        # and not collapse requests for that address any more. So it lives, but hardly.
        set beresp.ttl = 200ms;
        return (deliver);
    }
}

sub vcl_deliver {
    if (obj.hits > 0) {          # for you, and mediad doctor --cdn
        set resp.http.X-Cache = "HIT";
    } elsif (req.method == "GET") {
        set resp.http.X-Cache = "MISS";
    }
}
