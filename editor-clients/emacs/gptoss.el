;;; gptoss.el --- gpt-oss on your own machine, for eglot and lsp-mode -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "30.1"))
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; (load "/path/to/editor-clients/emacs/gptoss.el"), then M-x eglot or M-x lsp in a C# file.
;; README.md beside this file says what works in which of the two.

;;; Code:

(require 'url-util)


(defgroup gptoss nil "A private coding assistant." :group 'tools)

(defcustom gptoss-command '("gptoss-codeassist" "serve")
  "The program and its arguments; give its full path where it is not on the PATH."
  :type '(repeat string))

(defvar eglot-server-programs)
(declare-function eglot-current-server "eglot")
(declare-function jsonrpc-async-request "jsonrpc")
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-request-async "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function make-lsp-client "lsp-mode")

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               (cons '(csharp-mode csharp-ts-mode) (lambda (_interactive) gptoss-command))))

(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () gptoss-command))
                    :major-modes '(csharp-mode csharp-ts-mode)
                    :add-on? t
                    :server-id 'gptoss)))

(defun gptoss--position (place)
  "PLACE as the protocol counts: lines from 0, and UTF-16 units."
  (save-excursion
    (goto-char place)
    (list :line (1- (line-number-at-pos nil t))
          :character (/ (length (encode-coding-string (buffer-substring-no-properties (line-beginning-position) place) 'utf-16le)) 2))))

(defun gptoss--arguments (&rest more)
  "The document and the selection in front of the person, with MORE."
  (append (when buffer-file-name
            (list :textDocument (list :uri (concat "file://" (url-hexify-string buffer-file-name url-path-allowed-chars)))
                  :range (list :start (gptoss--position (if (use-region-p) (region-beginning) (point)))
                               :end (gptoss--position (if (use-region-p) (region-end) (point))))))
          more))

(defun gptoss--run (command arguments)
  "Run the server's COMMAND; the answer opens as a document, a change is made."
  (let ((done (lambda (result)
                (unless (plist-get result :reason) (message "gpt-oss: done"))))
        (failed (lambda (&rest problem) (message "gpt-oss: %s" (or (plist-get (car problem) :message) problem)))))
    (cond
     ((bound-and-true-p lsp-mode)
      (lsp-request-async "workspace/executeCommand" (list :command command :arguments (vector arguments))
                         (lambda (_result) (message "gpt-oss: done"))
                         :error-handler (lambda (problem) (message "gpt-oss: %s" problem)) :mode 'detached))
     ((and (fboundp 'eglot-current-server) (eglot-current-server))
      ;; A model may think for longer than the usual ten seconds.
      (jsonrpc-async-request (eglot-current-server) :workspace/executeCommand (list :command command :arguments (vector arguments))
                             :success-fn done :error-fn failed :timeout 3600))
     (t (user-error "Start eglot or lsp-mode here first")))
    (message "gpt-oss: asked")))

(defun gptoss-chat (question)
  "Ask QUESTION; it may hold #selection, #diagnostics, #file:path and #symbol:Name."
  (interactive "sAsk gpt-oss: ")
  (gptoss--run "gptOss.chat" (gptoss--arguments :message question :conversationId "emacs")))

(defun gptoss-edit (instruction)
  "Change the selected code, or the member at point, as INSTRUCTION says."
  (interactive "sWhat should change? ")
  (gptoss--run "gptOss.edit" (gptoss--arguments :message instruction)))

(defun gptoss-explain () "Explain the member at point." (interactive) (gptoss--run "gptOss.explain" (gptoss--arguments)))
(defun gptoss-fix () "Fix the first problem at point." (interactive) (gptoss--run "gptOss.fix" (gptoss--arguments)))
(defun gptoss-tests () "Write unit tests for the member at point." (interactive) (gptoss--run "gptOss.tests" (gptoss--arguments)))
(defun gptoss-doc () "Write the documentation of the member at point." (interactive) (gptoss--run "gptOss.doc" (gptoss--arguments)))

(provide 'gptoss)
;;; gptoss.el ends here
