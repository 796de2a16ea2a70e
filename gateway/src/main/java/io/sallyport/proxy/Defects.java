package io.sallyport.proxy;

import io.sallyport.dialect.ClientError;
import io.sallyport.dialect.Defect;

/** Words for what is wrong with a request's body. Pure; never quotes the body. */
final class Defects {
  private Defects() {}

  static ClientError error(Defect defect) {
    return switch (defect) {
      case CONTENT_TYPE -> ClientError.UNSUPPORTED_TYPE;
      case EXPANSION -> ClientError.TOO_LARGE;
      case MALFORMED_JSON,
          NOT_UTF8,
          DUPLICATE_KEY,
          MALFORMED_FORM,
          PART_ENCODING,
          MALFORMED_ZIP,
          UNPACKS_TOO_LARGE,
          TOO_DEEP,
          WRONG_TYPE,
          MISSING_FIELD,
          TEXT_TOO_LONG,
          TOO_MANY_VALUES,
          TOO_MANY_IMAGES,
          NOT_JUDGED,
          DENIED_NODE,
          BAD_CODING,
          BAD_BASE64,
          UNCLAIMED_TEXT,
          DECLARED_TYPE,
          UNCLAIMED_IMAGE ->
          ClientError.MALFORMED;
    };
  }

  static String message(Defect defect) {
    return switch (defect) {
      case MALFORMED_JSON -> "The request body is not valid JSON.";
      case NOT_UTF8 -> "The request body is not UTF-8.";
      case DUPLICATE_KEY -> "The request body names a member or field twice.";
      case MALFORMED_FORM -> "The request body is not valid multipart/form-data.";
      case PART_ENCODING -> "A part of the form has an encoding or charset other than UTF-8.";
      case MALFORMED_ZIP -> "The archive is not a valid ZIP file.";
      case UNPACKS_TOO_LARGE -> "The archive unpacks to more than is served here.";
      case TOO_DEEP -> "The request body is nested too deeply.";
      case WRONG_TYPE -> "A member of the request body has the wrong type.";
      case MISSING_FIELD -> "A required member of the request body is missing.";
      case TEXT_TOO_LONG -> "The texts of the request are too long or too many.";
      case TOO_MANY_VALUES -> "The request holds too many values.";
      case TOO_MANY_IMAGES -> "The request holds too many images.";
      case CONTENT_TYPE -> "The content type is not served here.";
      case NOT_JUDGED -> "The request asks for something that cannot be checked here.";
      case DENIED_NODE -> "The graph has a node of a class that is not served here.";
      case BAD_CODING -> "The request body is not what its content coding says.";
      case EXPANSION -> "The request body is too large without its content coding.";
      case BAD_BASE64 -> "An image of the request is not valid base64.";
      case UNCLAIMED_TEXT -> "The request holds a text at a place that is not served here.";
      case DECLARED_TYPE -> "A data URI of the request declares a type that is no picture here.";
      case UNCLAIMED_IMAGE -> "The request holds an image at a place that is not served here.";
    };
  }
}
