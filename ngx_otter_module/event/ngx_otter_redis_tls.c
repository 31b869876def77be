
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_redis_connection.h"


#if (NGX_SSL)

#include <openssl/x509v3.h>


enum {
    NGX_OTTER_REDIS_CHAIN_MAX = 9
};


static ngx_int_t ngx_otter_redis_tls_trust(ngx_conf_t *cf,
    ngx_otter_redis_conf_t *conf, ngx_str_t *ca);
static ngx_str_t *ngx_otter_redis_tls_name(ngx_otter_redis_conn_t *conn);
static ngx_int_t ngx_otter_redis_tls_address(ngx_connection_t *c,
    ngx_str_t *address);


ngx_int_t
ngx_otter_redis_tls_conf(ngx_conf_t *cf, ngx_otter_redis_conf_t *conf,
    ngx_str_t *ca, ngx_str_t *cert, ngx_str_t *key)
{
    ngx_ssl_t           *ssl;
    ngx_pool_cleanup_t  *cln;

    if ((cert->len == 0) != (key->len == 0)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"cert\" and \"key\" of \"otter_redis\" go "
                           "together");
        return NGX_ERROR;
    }

    cln = ngx_pool_cleanup_add(cf->pool, sizeof(ngx_ssl_t));
    if (cln == NULL) {
        return NGX_ERROR;
    }

    ssl = cln->data;
    ngx_memzero(ssl, sizeof(ngx_ssl_t));

    ssl->log = cf->log;

    if (ngx_ssl_create(ssl, NGX_SSL_TLSv1_2|NGX_SSL_TLSv1_3, NULL) != NGX_OK) {
        return NGX_ERROR;
    }

    cln->handler = ngx_ssl_cleanup_ctx;

    conf->ssl = ssl;

    if (cert->len
        && ngx_ssl_certificate(cf, ssl, cert, key, NULL) != NGX_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the certificate \"%V\" of \"otter_redis\" can't "
                           "be used", cert);
        return NGX_ERROR;
    }

    if (!conf->ssl_verify) {
        return NGX_OK;
    }

    return ngx_otter_redis_tls_trust(cf, conf, ca);
}


static ngx_int_t
ngx_otter_redis_tls_trust(ngx_conf_t *cf, ngx_otter_redis_conf_t *conf,
    ngx_str_t *ca)
{
    if (ca->len == 0) {

        if (X509_STORE_set_default_paths(
                                     SSL_CTX_get_cert_store(conf->ssl->ctx))
            == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "the certificates of the system can't be "
                               "used for \"otter_redis\"");
            return NGX_ERROR;
        }

        SSL_CTX_set_verify_depth(conf->ssl->ctx, NGX_OTTER_REDIS_CHAIN_MAX);

        return NGX_OK;
    }

    if (ngx_ssl_trusted_certificate(cf, conf->ssl, ca,
                                    NGX_OTTER_REDIS_CHAIN_MAX)
        != NGX_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the CA file \"%V\" of \"otter_redis\" can't be "
                           "used", ca);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* NGX_AGAIN: c->ssl->handler is called later */

ngx_int_t
ngx_otter_redis_tls_start(ngx_otter_redis_conn_t *conn)
{
    ngx_str_t         *name;
    ngx_connection_t  *c;

    c = conn->connection;

    c->pool = ngx_create_pool(1024, c->log);

    if (c->pool == NULL
        || ngx_ssl_create_connection(conn->conf->ssl, c, NGX_SSL_CLIENT)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    name = ngx_otter_redis_tls_name(conn);

    /* SNI has no addresses */

    if ((name != &conn->host->host || !conn->host->literal)
        && SSL_set_tlsext_host_name(c->ssl->connection, (char *) name->data)
           == 0)
    {
        return NGX_ERROR;
    }

    return (ngx_ssl_handshake(c) == NGX_AGAIN) ? NGX_AGAIN : NGX_OK;
}


const char *
ngx_otter_redis_tls_check(ngx_otter_redis_conn_t *conn)
{
    long               rc;
    ngx_int_t          same;
    ngx_str_t         *name;
    ngx_connection_t  *c;

    c = conn->connection;

    if (!c->ssl->handshaked) {
        return "the TLS handshake failed";
    }

    if (!conn->conf->ssl_verify) {
        return NULL;
    }

    rc = SSL_get_verify_result(c->ssl->connection);

    if (rc != X509_V_OK) {
        *ngx_snprintf(conn->said, sizeof(conn->said) - 1,
                      "its certificate is not trusted: %s",
                      X509_verify_cert_error_string(rc)) = '\0';

        return (const char *) conn->said;
    }

    name = ngx_otter_redis_tls_name(conn);

    same = (name == &conn->host->host && conn->host->literal)
           ? ngx_otter_redis_tls_address(c, name)
           : ngx_ssl_check_host(c, name);

    return (same == NGX_OK) ? NULL
                            : "its certificate is that of another server";
}


static ngx_str_t *
ngx_otter_redis_tls_name(ngx_otter_redis_conn_t *conn)
{
    return conn->conf->ssl_name.len ? &conn->conf->ssl_name
                                    : &conn->host->host;
}


static ngx_int_t
ngx_otter_redis_tls_address(ngx_connection_t *c, ngx_str_t *address)
{
    int    same;
    X509  *cert;

    cert = SSL_get_peer_certificate(c->ssl->connection);
    if (cert == NULL) {
        return NGX_ERROR;
    }

    same = X509_check_ip_asc(cert, (char *) address->data, 0);

    X509_free(cert);

    return (same == 1) ? NGX_OK : NGX_ERROR;
}


#else


ngx_int_t
ngx_otter_redis_tls_conf(ngx_conf_t *cf, ngx_otter_redis_conf_t *conf,
    ngx_str_t *ca, ngx_str_t *cert, ngx_str_t *key)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "this nginx has no TLS for \"otter_redis\"");

    return NGX_ERROR;
}


ngx_int_t
ngx_otter_redis_tls_start(ngx_otter_redis_conn_t *conn)
{
    return NGX_ERROR;
}


const char *
ngx_otter_redis_tls_check(ngx_otter_redis_conn_t *conn)
{
    return "this nginx has no TLS";
}

#endif
