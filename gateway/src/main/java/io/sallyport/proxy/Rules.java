package io.sallyport.proxy;

import io.sallyport.detect.DetectorPanel;
import io.sallyport.policy.PolicyBook;

/**
 * The policies and detectors in force together. An exchange takes them once, at its start, so that
 * a reload never splits it.
 */
public record Rules(PolicyBook policies, DetectorPanel panel) {}
